package dev.pawl.model.torch;

import ai.djl.ndarray.types.DataType;

/**
 * The element types that cross the border between Java and a program; bf16 stays inside programs.
 */
public enum TensorType {
  FP32(DataType.FLOAT32, 4, "F32"),
  FP64(DataType.FLOAT64, 8, "F64"),
  INT64(DataType.INT64, 8, "I64"),
  BOOL(DataType.BOOLEAN, 1, "BOOL");

  private final DataType dataType;
  private final int bytes;
  private final String safetensorsName;

  TensorType(DataType dataType, int bytes, String safetensorsName) {
    this.dataType = dataType;
    this.bytes = bytes;
    this.safetensorsName = safetensorsName;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** The name of this type in a safetensors header. */
  public String safetensorsName() {
    return safetensorsName;
  }

  DataType dataType() {
    return dataType;
  }

  static TensorType of(DataType dataType) {
    for (TensorType type : values()) {
      if (type.dataType == dataType) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "a tensor of type " + dataType + " must stay in its program");
  }
}
