import type { Handlers } from '../../contract/methods';
import type { ServiceContext } from './context';
import { doctorRows } from './doctor';
import type { EngineProbe } from './engine-probe';

type HostHandlers = Pick<Handlers, 'host.info' | 'engine.status' | 'doctor.run' | 'settings.get' | 'settings.set'>;

export function hostService(context: ServiceContext, probe: EngineProbe): HostHandlers {
  const { options, settings } = context;
  return {
    'host.info': async () => ({
      ...options.host,
      version: options.version,
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
    }),
    'engine.status': async () => (await probe.status()).engine,
    'doctor.run': async () => doctorRows(options, probe),
    'settings.get': async () => settings.get(),
    'settings.set': async (change) => settings.set(change),
  };
}
