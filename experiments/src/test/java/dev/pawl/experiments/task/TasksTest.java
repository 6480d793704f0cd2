package dev.pawl.experiments.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.ConfigException;
import dev.pawl.model.config.TaskDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TasksTest {
  @TempDir Path folder;

  @Test
  void everyNamedTaskLoadsUnderItsNameAndSurvivesTheRecord() {
    assertTrue(Tasks.names().size() >= 27, Tasks.names().toString());
    for (String name : Tasks.names()) {
      TaskDefinition task = Tasks.load(name);
      assertEquals(name, task.task());
      assertEquals(task, CanonicalJson.read(CanonicalJson.write(task), TaskDefinition.class));
      assertTrue(task.version().matches("\\d+\\.\\d"), name);
    }
  }

  @Test
  void unknownTaskNamesTheNearest() {
    assertTrue(refused("lambada_opena").contains("nearest: lambada_openai"));
  }

  @Test
  void unknownMetricAndAMetricOfAnotherKindAreRefused() throws IOException {
    String text = "task: t\nkind: rolling\ntarget: \"{{ text }}\"\nmetrics: [%s]\n";
    Path file = folder.resolve("t.yaml");
    Files.writeString(file, text.formatted("acuracy"));
    String unknown = refused(file.toString());
    assertTrue(unknown.contains("t.yaml:4: metrics[0]: 'acuracy' is none of acc"), unknown);
    Files.writeString(file, text.formatted("acc"));
    String misfit = refused(file.toString());
    assertTrue(misfit.contains("acc is no metric of rolling tasks"), misfit);
  }

  @Test
  void missingFileSaysWhereItIsPublishedAndWasLookedFor() throws IOException {
    TaskDefinition piqa = Tasks.load("piqa");
    Files.writeString(folder.resolve("piqa_valid.jsonl"), "{}");
    assertTrue(TaskData.find(piqa, List.of(folder)).isEmpty());
    String message = TaskData.missing(piqa, List.of(folder));
    assertTrue(message.contains("piqa_valid-labels.lst"), message);
    assertTrue(message.contains(folder.toString()), message);
    assertTrue(message.contains("published: physicaliqa"), message);
    Files.writeString(folder.resolve("piqa_valid-labels.lst"), "0");
    assertEquals(2, TaskData.find(piqa, List.of(folder)).orElseThrow().size());
  }

  private static String refused(String name) {
    return assertThrows(ConfigException.class, () -> Tasks.load(name)).getMessage();
  }
}
