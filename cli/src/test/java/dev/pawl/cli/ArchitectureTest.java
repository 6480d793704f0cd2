package dev.pawl.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms of the house. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.pawl");

  @Test
  void modelKnowsNeitherSchedulerNorRecordNorRequest() {
    forbid(
        "dev.pawl.model..",
        "dev.pawl.db..",
        "dev.pawl.experiments..",
        "dev.pawl.activities..",
        "dev.pawl.workflows..",
        "dev.pawl.cli..",
        "io.temporal..",
        "java.sql..");
  }

  @Test
  void recordKnowsNoTensorAndNoScheduler() {
    forbid(
        "dev.pawl.db..",
        "dev.pawl.model..",
        "dev.pawl.experiments..",
        "dev.pawl.activities..",
        "dev.pawl.workflows..",
        "dev.pawl.cli..",
        "io.temporal..",
        "ai.djl..");
  }

  @Test
  void experimentsKnowOnlyConfigurationsOfModels() {
    forbid(
        "dev.pawl.experiments..",
        "dev.pawl.db..",
        "dev.pawl.activities..",
        "dev.pawl.workflows..",
        "dev.pawl.cli..",
        "dev.pawl.model.torch..",
        "dev.pawl.model.training..",
        "dev.pawl.model.dataset..",
        "dev.pawl.model.tokenizer..",
        "dev.pawl.model.evaluation..",
        "dev.pawl.model.generation..",
        "dev.pawl.model.checkpoint..",
        "dev.pawl.model.architecture..",
        "io.temporal..",
        "java.sql..",
        "ai.djl..");
  }

  @Test
  void activitiesKnowNoWorkflow() {
    forbid("dev.pawl.activities..", "dev.pawl.workflows..", "dev.pawl.cli..", "ai.djl..");
  }

  @Test
  void workflowsArePure() {
    forbid(
        "dev.pawl.workflows..",
        "dev.pawl.model..",
        "dev.pawl.db..",
        "dev.pawl.experiments..",
        "dev.pawl.cli..",
        "dev.pawl.activities.stage..",
        "dev.pawl.activities.artifact..",
        "java.io..",
        "java.nio..",
        "java.sql..",
        "ai.djl..");
  }

  @Test
  void onePackageKnowsTheEngineAndOneTheTokenizers() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.pawl.model.torch..", "dev.pawl.model.tokenizer..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CLASSES);
  }

  @Test
  void onePackageKnowsHowThingsAreSeen() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pawl.cli.observe..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", "io.opentelemetry..", "io.prometheus..")
        .check(CLASSES);
  }

  private static void forbid(String from, String... to) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .check(CLASSES);
  }
}
