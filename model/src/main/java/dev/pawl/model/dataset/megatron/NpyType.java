package dev.pawl.model.dataset.megatron;

/** Element types of the index files, as NumPy names them. */
enum NpyType {
  UINT8("|u1", 1),
  INT32("<i4", 4),
  UINT32("<u4", 4),
  INT64("<i8", 8);

  final String descr;
  final int bytes;

  NpyType(String descr, int bytes) {
    this.descr = descr;
    this.bytes = bytes;
  }
}
