package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.Owner;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DeadOwnersTest {
  @Test
  void thisProcessIsAlive() {
    assertFalse(DeadOwners.dead(Owner.ofThisProcess("self")));
  }

  @Test
  void anEndedProcessIsDead() throws IOException, InterruptedException {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Owner self = Owner.ofThisProcess("self");
    assertTrue(
        DeadOwners.dead(new Owner(self.host(), ended.pid(), self.processStart(), self.worker())));
  }

  @Test
  void aLaterProcessWithTheSameNumberIsAnother() {
    Owner self = Owner.ofThisProcess("self");
    assertTrue(
        DeadOwners.dead(
            new Owner(
                self.host(), self.pid(), self.processStart().minusSeconds(60), self.worker())));
  }
}
