package dev.pawl.cli;

import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.SweepRequest;
import java.io.IOException;

/** What becomes of runs that are in the record: brought to their ends here, or handed over. */
interface Runner {
  /** Takes on the runs of an experiment, prints what there is to say and returns the exit code. */
  int run(ExperimentRequest request, Format format) throws IOException;

  /** The same with the runs of a sweep. */
  int run(SweepRequest request, Format format) throws IOException;
}
