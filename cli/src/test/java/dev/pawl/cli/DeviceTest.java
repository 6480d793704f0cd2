package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DeviceTest {
  @Test
  void aDeviceIsKnownByItsNumberOnTheHostWhateverAProcessSees() {
    assertEquals("cuda:0", Device.visible("cuda:0", ""));
    assertEquals("cuda:3", Device.visible("cuda:0", "3"));
    assertEquals("cuda:5", Device.visible("cuda:1", " 3, 5"));
    assertEquals("cuda:GPU-8b1", Device.visible("cuda:0", "GPU-8b1,GPU-8b2"));
    assertEquals("cuda:7", Device.visible("cuda:7", "3"));
  }
}
