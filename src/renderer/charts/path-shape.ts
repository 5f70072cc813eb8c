import { graphic } from 'echarts/core';
import { drawPath } from './patterns';

/** Makes `type: 'strokes'` known to the graphic component, which has no shape of its own for path data. Import it where charts are made. */
graphic.registerShape(
  'strokes',
  graphic.extendShape({
    type: 'strokes',
    shape: { pathData: '' },
    buildPath: (context, shape) => drawPath(context, (shape as { pathData: string }).pathData),
  }),
);
