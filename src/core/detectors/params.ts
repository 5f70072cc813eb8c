import { FaultlineError } from '../errors';

/** Description of one parameter; the wizard form, the CLI flags and the validation follow from it. */
export type ParamSpec = NumberParam | ChoiceParam | FlagParam;

interface ParamText {
  readonly title: string;
  readonly help: string;
  /** Hidden behind "expert" in the form. */
  readonly expert?: boolean;
}
export interface NumberParam extends ParamText {
  readonly kind: 'integer' | 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** '' when unitless; 'samples' is shown in minutes as well. */
  readonly unit: string;
}
export interface ChoiceParam extends ParamText {
  readonly kind: 'choice';
  readonly default: string;
  readonly choices: readonly { readonly value: string; readonly title: string }[];
}
export interface FlagParam extends ParamText {
  readonly kind: 'flag';
  readonly default: boolean;
}

export type ParamSpecs = Readonly<Record<string, ParamSpec>>;
export type ParamValue = number | string | boolean;
export type ParamValues = Readonly<Record<string, ParamValue>>;
export type ParamsOf<S extends ParamSpecs> = {
  readonly [K in keyof S]: S[K] extends NumberParam
    ? number
    : S[K] extends ChoiceParam
      ? S[K]['choices'][number]['value']
      : boolean;
};

/** The defaults of every parameter. */
export function defaultParams<S extends ParamSpecs>(specs: S): ParamsOf<S> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default])) as ParamsOf<S>;
}

/**
 * Given values laid over the defaults, each checked against its spec.
 *
 * @throws FaultlineError 'detector/bad-params' naming the parameter, its range and what was given.
 */
export function resolveParams<S extends ParamSpecs>(specs: S, given: Readonly<Record<string, unknown>>): ParamsOf<S> {
  const values: Record<string, ParamValue> = { ...defaultParams(specs) };
  for (const [name, value] of Object.entries(given)) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) {
      throw new FaultlineError(
        'detector/bad-params',
        `There is no parameter "${name}". Known: ${Object.keys(specs).join(', ') || 'none'}.`,
        { name },
      );
    }
    values[name] = checkParam(name, spec, value);
  }
  return values as ParamsOf<S>;
}

function checkParam(name: string, spec: ParamSpec, value: unknown): ParamValue {
  const refuse = (wanted: string): never => {
    throw new FaultlineError('detector/bad-params', `Parameter "${name}" must be ${wanted}, not ${JSON.stringify(value)}.`, {
      name,
    });
  };
  switch (spec.kind) {
    case 'flag':
      return typeof value === 'boolean' ? value : refuse('true or false');
    case 'choice':
      return typeof value === 'string' && spec.choices.some((c) => c.value === value)
        ? value
        : refuse(`one of ${spec.choices.map((c) => c.value).join(', ')}`);
    default: {
      const wanted = `${spec.kind === 'integer' ? 'a whole number' : 'a number'} from ${spec.min} to ${spec.max}`;
      if (typeof value !== 'number' || !Number.isFinite(value) || value < spec.min || value > spec.max) return refuse(wanted);
      return spec.kind === 'integer' && !Number.isInteger(value) ? refuse(wanted) : value;
    }
  }
}
