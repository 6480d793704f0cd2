package dev.pawl.model.config;

/**
 * Number format of the forward and backward pass; master weights and moments stay fp32 (or fp64).
 */
public enum Precision {
  FP64,
  FP32,
  BF16
}
