package dev.pawl.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.config.CheckpointConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeepPolicyTest {
  private static KeepPolicy policy(int last, long every, int best) {
    return new KeepPolicy(new CheckpointConfig(true, last, every, best, 4));
  }

  @Test
  void theNewestStay() {
    assertEquals(
        Set.of(10L, 20L), policy(2, 0, 0).removable(List.of(10L, 20L, 30L, 40L), Map.of()));
    assertEquals(Set.of(), policy(2, 0, 0).removable(List.of(10L), Map.of()));
  }

  @Test
  void multiplesStayForGood() {
    KeepPolicy policy = policy(1, 20, 0);
    List<Long> steps = List.of(10L, 20L, 30L, 40L, 50L);
    assertEquals(Set.of(10L, 30L), policy.removable(steps, Map.of()));
    assertEquals(Set.of(20L, 40L), policy.forGood(steps, Map.of()));
    assertTrue(policy.mustSave(60, Map.of()));
    assertFalse(policy.mustSave(50, Map.of()));
  }

  @Test
  void theBestStayForGoodAndAreSaved() {
    KeepPolicy policy = policy(1, 0, 2);
    Map<Long, Double> losses = Map.of(10L, 3.0, 20L, 2.0, 30L, 2.5, 40L, 2.5, 50L, Double.NaN);
    List<Long> steps = List.of(10L, 20L, 30L, 40L, 50L);
    assertEquals(Set.of(20L, 30L), policy.forGood(steps, losses));
    assertEquals(Set.of(10L, 40L), policy.removable(steps, losses));
    assertTrue(policy.mustSave(30, losses));
    assertFalse(policy.mustSave(40, losses), "of equal losses the earlier one counts");
    assertFalse(policy.mustSave(50, losses));
  }

  @Test
  void whatWasNotSavedCannotBeKept() {
    assertEquals(Set.of(), policy(1, 0, 1).forGood(List.of(10L), Map.of(20L, 1.0)));
  }
}
