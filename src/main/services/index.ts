import type { Handlers } from '../../contract/methods';
import { calibrationService } from './calibration-service';
import type { ServiceContext } from './context';
import { compareService } from './compare-service';
import { datasetService } from './dataset-service';
import { createEngineProbe } from './engine-probe';
import { evaluationService } from './evaluation-service';
import { ensembleService } from './ensemble-service';
import { createEvaluations } from './evaluations';
import { hostService } from './host-service';
import { insightService } from './insight-service';
import { createInsights } from './insights';
import { importService, type PendingImports } from './import-service';
import { jobService } from './job-service';
import { labelService } from './label-service';
import { projectService } from './project-service';
import { queueService } from './queue-service';
import { refereeService } from './referee-service';
import { createReferees } from './referees';
import { reportService } from './report-service';
import { resultService } from './result-service';
import { createRunColumns } from './run-columns';
import { scoringService } from './scoring-service';
import { createSheets } from './sheets';
import { sweepService } from './sweep-service';
import { trainingService } from './training-service';

/** A handler for every method of the contract; one that is missing does not compile. */
export function createHandlers(context: ServiceContext, pending: PendingImports): Handlers {
  const probe = createEngineProbe(context.queries);
  const evaluations = createEvaluations(context.queries);
  const referees = createReferees(context.queries);
  const sheets = createSheets(context.queries);
  const insights = createInsights(context.queries);
  const columns = createRunColumns();
  return {
    ...hostService(context, probe),
    ...projectService(context, pending),
    ...importService(context, pending),
    ...datasetService(context),
    ...labelService(context),
    ...trainingService(context, probe),
    ...scoringService(context),
    ...jobService(context),
    ...calibrationService(context, evaluations),
    ...resultService(context, evaluations, columns),
    ...reportService(context, evaluations, referees, sheets, insights, columns),
    ...evaluationService(context, sheets),
    ...compareService(context),
    ...ensembleService(context),
    ...refereeService(context, referees),
    ...insightService(context, insights),
    ...sweepService(context, probe),
    ...queueService(context),
  };
}
