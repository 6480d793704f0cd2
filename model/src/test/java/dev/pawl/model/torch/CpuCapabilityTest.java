package dev.pawl.model.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class CpuCapabilityTest {
  @Test
  void theFlagsDecideUnlessTheVariableDoes() {
    String wide = "fma avx avx2 avx512f avx512dq avx512bw avx512vl";
    assertEquals("avx512", CpuCapability.of(null, wide));
    assertEquals("avx2", CpuCapability.of(null, wide.replace("avx512bw", "")));
    assertEquals("default", CpuCapability.of(null, "sse4_2 avx2"));
    assertEquals("default", CpuCapability.of("default", wide));
    assertEquals("avx2", CpuCapability.of("AVX2", wide));
    // libtorch warns of a value it does not know and goes by the CPU.
    assertEquals("avx512", CpuCapability.of("sse", wide));
    assertEquals("default", CpuCapability.of(null, ""));
  }

  @Test
  void thisProcessHasOne() {
    assertTrue(
        Set.of("default", "avx2", "avx512").contains(CpuCapability.ofThisProcess()),
        CpuCapability.ofThisProcess());
  }
}
