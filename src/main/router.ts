import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { methods, type Handlers, type MethodName } from '../contract/methods';
import type { Reply, WireError } from '../contract/types';
import { FaultlineError, isFaultline } from '../core/errors';
import type { Log } from './log';

/**
 * Method name → validate → service → Reply; the only place that turns errors into WireError.
 *
 * @returns a function that resolves for every failure and never rejects.
 */
export function createRouter(handlers: Handlers, log: Log): (method: string, params: unknown) => Promise<Reply<unknown>> {
  return async (method, params) => {
    try {
      if (!isMethod(method)) {
        throw new FaultlineError('contract/unknown-method', `There is no method "${method.slice(0, 100)}".`);
      }
      return { ok: true, value: await call(handlers, method, params) };
    } catch (error) {
      return { ok: false, error: toWireError(error, log, isMethod(method) ? method : 'unknown') };
    }
  };
}

function isMethod(method: string): method is MethodName {
  return Object.hasOwn(methods, method);
}

function call(handlers: Handlers, method: MethodName, params: unknown): Promise<unknown> {
  const parsed = (methods[method].params as z.ZodType).safeParse(params);
  if (!parsed.success) throw invalidParams(method, parsed.error);
  // The schema of this very method has just checked the value; the map's type links both, a generic index cannot show it.
  const handler = handlers[method] as (checked: unknown) => Promise<unknown>;
  return handler(parsed.data);
}

function invalidParams(method: string, error: z.ZodError): FaultlineError {
  const problems = error.issues.slice(0, 5).map((issue) => {
    const place = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') {
      return `${place === '' ? 'the request' : `"${place}"`} has the unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    }
    return `${place === '' ? 'the request' : `"${place}"`}: ${issue.message}`;
  });
  return new FaultlineError(
    'contract/invalid-params',
    `${method} was asked with something it cannot take: ${problems.join('; ')}.`,
    {
      method,
      paths: error.issues.slice(0, 5).map((issue) => issue.path.map(String).join('.')),
    },
  );
}

/**
 * An error as it goes over the wire. What is not ours becomes 'internal/unexpected' with an incident number that is in the log
 * too, beside the stack.
 */
export function toWireError(error: unknown, log: Log, where: string): WireError {
  if (isFaultline(error)) {
    return { code: error.code, kind: error.kind, message: error.message, details: error.details };
  }
  const incident = randomBytes(4).toString('hex');
  log.write('incident', {
    incident,
    where,
    name: error instanceof Error ? error.name : typeof error,
    message: error instanceof Error ? error.message : '',
    stack: error instanceof Error ? (error.stack ?? '') : '',
  });
  return {
    code: 'internal/unexpected',
    kind: 'bug',
    message: `Something went wrong inside Faultline (incident ${incident}). Nothing that was saved is lost; the local log says more.`,
    details: {},
    incident,
  };
}
