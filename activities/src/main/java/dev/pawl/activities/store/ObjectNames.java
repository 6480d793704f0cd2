package dev.pawl.activities.store;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Which names may be joined to a folder. Names come from manifests and listings, which anybody may
 * have written who can write to the store: one that would lead out of its folder is refused
 * wherever it is met.
 */
public final class ObjectNames {
  /** Begins the last part of what a {@link FolderObjectStore} has not finished. */
  static final String UNFINISHED = ".pawl-";

  private static final int MOST_BYTES = 900;
  private static final int MOST_BYTES_OF_A_PART = 255;

  private ObjectNames() {}

  /** Whether a name has parts, and none of them leads elsewhere or cannot be a file's name. */
  public static boolean isSafe(String name) {
    if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      return false;
    }
    for (String part : name.split("/", -1)) {
      if (!isSafePart(part)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a name is one part, without slashes. */
  public static boolean isSafePart(String part) {
    return !part.isEmpty()
        && !part.equals(".")
        && !part.equals("..")
        && !part.startsWith(UNFINISHED)
        && part.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES_OF_A_PART
        && part.chars().noneMatch(ObjectNames::isForbidden);
  }

  private static boolean isForbidden(int character) {
    return character == '/' || character == '\\' || Character.isISOControl(character);
  }

  /**
   * The name itself.
   *
   * @param whose where it was found, for the message
   * @throws PawlException DATA when it is not safe
   */
  public static String require(String name, String whose) {
    if (!isSafe(name)) {
      throw refused(name, whose);
    }
    return name;
  }

  /**
   * The one part that is a key, a kind or a file's name.
   *
   * @throws PawlException DATA when it is more than that
   */
  public static String requirePart(String part, String whose) {
    if (!isSafePart(part)) {
      throw refused(part, whose);
    }
    return part;
  }

  private static PawlException refused(String name, String whose) {
    return new PawlException(
        FailureCause.DATA,
        "%s names '%s', which could lead out of its folder: nothing is read or written there"
            .formatted(whose, shown(name)));
  }

  /** The place of a name within a folder, and never elsewhere. */
  public static Path within(Path folder, String name, String whose) {
    Path place = folder.resolve(require(name, whose)).normalize();
    if (!place.startsWith(folder.normalize()) || place.equals(folder.normalize())) {
      throw refused(name, whose);
    }
    return place;
  }

  // What is shown may end up on a terminal.
  private static String shown(String name) {
    String printable = name.replaceAll("\\p{Cntrl}", "?");
    return printable.length() > 200 ? printable.substring(0, 200) + "..." : printable;
  }
}
