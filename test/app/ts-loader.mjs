import { registerHooks } from 'node:module';

// Lets Node run the worker's source as it is: types are stripped by Node, imports without extension are resolved here.
registerHooks({
  resolve(specifier, context, next) {
    const ours = specifier.startsWith('.') && !context.parentURL?.includes('/node_modules/');
    if (!ours || /\.[cm]?[jt]s$/.test(specifier)) return next(specifier, context);
    for (const candidate of [`${specifier}.ts`, `${specifier}/index.ts`]) {
      try {
        return next(candidate, context);
      } catch (error) {
        if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      }
    }
    return next(specifier, context);
  },
});
