package dev.pawl.cli.crypto;

import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.List;

/** How values become what a Temporal server stores. */
public final class PayloadConverters {
  private PayloadConverters() {}

  /** JSON, failures without secrets, and with keys all of it encrypted. */
  public static DataConverter of(PayloadKeys keys) {
    return new CodecDataConverter(
        DefaultDataConverter.newDefaultInstance().withFailureConverter(new MaskedFailures()),
        List.of(new EncryptionCodec(keys)),
        keys.encrypts());
  }
}
