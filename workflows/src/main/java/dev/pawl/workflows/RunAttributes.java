package dev.pawl.workflows;

import dev.pawl.activities.RunFacts;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.workflow.Workflow;
import java.util.List;

/** The search attributes by which workflows are found in Temporal's own lists; all are keywords. */
public final class RunAttributes {
  /** Name of the experiment; on experiments, sweeps and runs. */
  public static final SearchAttributeKey<String> EXPERIMENT =
      SearchAttributeKey.forKeyword("PawlExperiment");

  /** Name of the run. */
  public static final SearchAttributeKey<String> RUN = SearchAttributeKey.forKeyword("PawlRun");

  /** Architecture of the run's model. */
  public static final SearchAttributeKey<String> MODEL = SearchAttributeKey.forKeyword("PawlModel");

  /** Kind of the stage that the run came to last. */
  public static final SearchAttributeKey<String> STAGE = SearchAttributeKey.forKeyword("PawlStage");

  /** All of them. */
  public static final List<SearchAttributeKey<String>> ALL = List.of(EXPERIMENT, RUN, MODEL, STAGE);

  /** Servers on SQL keep no longer keywords. */
  private static final int LONGEST = 255;

  private RunAttributes() {}

  /** Those that a new workflow of an experiment starts with. */
  public static SearchAttributes of(String experiment) {
    return SearchAttributes.newBuilder().set(EXPERIMENT, cut(experiment)).build();
  }

  /** Says which run the workflow leads. */
  static void tell(RunFacts facts) {
    Workflow.upsertTypedSearchAttributes(
        EXPERIMENT.valueSet(cut(facts.experiment())),
        RUN.valueSet(cut(facts.run())),
        MODEL.valueSet(cut(facts.model())));
  }

  /** Says to which stage the run has come. */
  static void tellStage(String kind) {
    Workflow.upsertTypedSearchAttributes(STAGE.valueSet(cut(kind)));
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
