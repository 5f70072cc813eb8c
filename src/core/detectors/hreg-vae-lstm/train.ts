import type { PreparedSeries } from '../../prepare/prepared';
import { fingerprintOf } from '../../tensor/checkpoint';
import { initialise } from '../../tensor/layers';
import { openForgetGates } from '../../tensor/lstm-stack';
import { trainInTurn } from '../../tensor/stages';
import { WeightSet } from '../../tensor/weights';
import type { EpochRecord, RunContext, TensorFlow } from '../detector';
import type { TrainingSplit } from '../shared/split';
import { vaeSpecs } from '../shared/vae-network';
import { lstmSpecs, Network } from './network';
import type { HregParams } from './params';
import { encodeSeries } from './residuals';
import { lstmStage, vaeStage } from './stages';

export interface Networks {
  readonly vae: WeightSet;
  readonly lstm: WeightSet;
  readonly history: readonly EpochRecord[];
}

/**
 * Trains the VAE, then the LSTM on its codes; continues from `run.resumeFrom` bit-equal.
 *
 * @throws FaultlineError 'training/data-changed', 'training/not-finite'.
 */
export async function trainNetworks(
  tf: TensorFlow,
  data: PreparedSeries,
  split: TrainingSplit,
  params: HregParams,
  run: RunContext,
): Promise<Networks> {
  const inputs = params.window * data.channels.length;
  const vae = new WeightSet(vaeSpecs(inputs, params));
  const lstm = new WeightSet(lstmSpecs(params));
  const history = await trainInTurn(
    tf,
    [
      {
        ...{ name: 'vae', steps: params.vaeSteps, weights: vae },
        initialise: () => initialise(vae, run.random.fork('init vae')),
        stage: () => vaeStage(tf, data, split, params, run.random),
      },
      {
        ...{ name: 'lstm', steps: params.lstmSteps, weights: lstm },
        initialise: () => {
          initialise(lstm, run.random.fork('init lstm'));
          openForgetGates(lstm);
        },
        async stage() {
          const network = new Network(tf, run.fusedLstm, vae, lstm, inputs, params.latent);
          try {
            const { codes } = await encodeSeries(network, data, params, run);
            return lstmStage(tf, codes, split, params, run.fusedLstm, run.random);
          } finally {
            network.dispose();
          }
        },
      },
    ],
    fingerprintOf(data, params),
    run,
  );
  return { vae, lstm, history };
}
