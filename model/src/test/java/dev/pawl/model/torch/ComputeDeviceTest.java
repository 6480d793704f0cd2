package dev.pawl.model.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import org.junit.jupiter.api.Test;

class ComputeDeviceTest {
  @Test
  void namesAreThoseOfPyTorch() {
    assertEquals(new ComputeDevice("cpu", 0), ComputeDevice.of("cpu"));
    assertEquals(new ComputeDevice("cuda", 0), ComputeDevice.of("cuda"));
    assertEquals(new ComputeDevice("cuda", 3), ComputeDevice.of(" cuda:3 "));
    assertEquals("cuda:3", ComputeDevice.of("cuda:3").toString());
    for (String none : new String[] {"", "gpu", "cuda:", "cuda:-1", "CUDA", "cpu:1"}) {
      PawlException refused = assertThrows(PawlException.class, () -> ComputeDevice.of(none));
      assertEquals(FailureCause.CONFIG, refused.failureCause());
      assertTrue(String.valueOf(refused.getMessage()).contains("PAWL_DEVICE"), none);
    }
  }

  @Test
  void onlyADeviceThatIsThereIsUsed() {
    Engine engine = Engine.getEngine(Torch.ENGINE);
    ComputeDevice.of("cpu").requirePresent(engine);
    ComputeDevice beyond = ComputeDevice.of("cuda:" + engine.getGpuCount());
    PawlException refused = assertThrows(PawlException.class, () -> beyond.requirePresent(engine));
    assertTrue(String.valueOf(refused.getMessage()).contains("PYTORCH_LIBRARY_PATH"));
  }
}
