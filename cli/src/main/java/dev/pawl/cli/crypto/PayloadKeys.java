package dev.pawl.cli.crypto;

import dev.pawl.db.Secrets;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of payloads: the first one encrypts, all of them decrypt, so that a new key can be put
 * in front while histories of the old one are still read. Without keys nothing is encrypted.
 */
public final class PayloadKeys {
  /** Names a file of keys that only its owner may read: base64, a line each, newest first. */
  public static final String FILE_VARIABLE = "PAWL_PAYLOAD_KEY_FILE";

  /** Holds the same, with commas or spaces between keys. */
  public static final String VARIABLE = "PAWL_PAYLOAD_KEY";

  /** No keys. */
  public static final PayloadKeys NONE = new PayloadKeys(List.of());

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final List<PayloadKey> keys;

  private PayloadKeys(List<PayloadKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * The keys that an environment names.
   *
   * @throws PawlException CONFIG when a key is none, or when others may read its file; says nothing
   *     of the key itself
   */
  public static PayloadKeys of(Map<String, String> environment) {
    String text = environment.getOrDefault(VARIABLE, "");
    String file = environment.getOrDefault(FILE_VARIABLE, "");
    if (!text.isBlank() && !file.isBlank()) {
      throw wrong("%s and %s are both set; keep one of them".formatted(FILE_VARIABLE, VARIABLE));
    }
    if (!file.isBlank()) {
      return parse(FILE_VARIABLE + " (" + file + ")", read(Path.of(file)));
    }
    return parse(VARIABLE, text);
  }

  /** Who beside the owner may do something with a file; empty when nobody may. */
  public static Optional<String> openToOthers(Path file) throws IOException {
    Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
    boolean open = granted.stream().anyMatch(OTHERS::contains);
    return open ? Optional.of(PosixFilePermissions.toString(granted)) : Optional.empty();
  }

  private static String read(Path file) {
    try {
      Optional<String> open = openToOthers(file);
      if (open.isPresent()) {
        throw wrong(
            "the file %s of %s may be used by others (%s): chmod 600 %s"
                .formatted(file, FILE_VARIABLE, open.get(), file));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.CONFIG,
          "the file %s of %s cannot be read: %s"
              .formatted(file, FILE_VARIABLE, e.getClass().getSimpleName()),
          e);
    }
  }

  private static PayloadKeys parse(String place, String text) {
    List<PayloadKey> keys = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String kept = line.replaceFirst("#.*", "").strip();
      for (String word : kept.isEmpty() ? List.<String>of() : List.of(kept.split("[,\\s]+", -1))) {
        Secrets.know(word);
        keys.add(new PayloadKey(bytes(place, keys.size() + 1, word)));
      }
    }
    return keys.isEmpty() ? NONE : new PayloadKeys(keys);
  }

  private static byte[] bytes(String place, int number, String word) {
    byte[] secret;
    try {
      secret = Base64.getDecoder().decode(word);
    } catch (IllegalArgumentException e) {
      secret = new byte[0];
    }
    if (secret.length != PayloadKey.BYTES) {
      throw wrong(
          "key %d of %s is not 32 bytes in base64; 'openssl rand -base64 32' makes one"
              .formatted(number, place));
    }
    return secret;
  }

  private static PawlException wrong(String message) {
    return new PawlException(FailureCause.CONFIG, message);
  }

  /** Whether payloads are encrypted. */
  public boolean encrypts() {
    return !keys.isEmpty();
  }

  /** The key that encrypts. */
  PayloadKey first() {
    return keys.get(0);
  }

  /** The key of an id, if it is here. */
  Optional<PayloadKey> find(String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  /** Ids of all keys, the one that encrypts first. */
  public List<String> ids() {
    return keys.stream().map(PayloadKey::id).toList();
  }

  @Override
  public String toString() {
    return "payload keys " + ids();
  }
}
