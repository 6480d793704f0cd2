package dev.pawl.model.measurement;

import java.util.Locale;

/** Accelerators that predictions are made for; rates as their makers print them. */
public enum Accelerator {
  H100(79.1, 989e12, 3.35e12),
  H200(139.8, 989e12, 4.8e12),
  A100_80(79.1, 312e12, 2.04e12),
  A100_40(39.4, 312e12, 1.56e12);

  private final double memoryGib;
  private final double flops;
  private final double bytes;

  Accelerator(double memoryGib, double flops, double bytes) {
    this.memoryGib = memoryGib;
    this.flops = flops;
    this.bytes = bytes;
  }

  /** Memory that programs see. */
  public double memoryGib() {
    return memoryGib;
  }

  /** Dense bf16 products, and bytes of its memory. */
  public MachineRates rates() {
    return new MachineRates(flops, bytes);
  }

  /** The name in options. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
