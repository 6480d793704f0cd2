package dev.pawl.activities.artifact;

import dev.pawl.activities.store.ObjectStores;
import java.nio.file.Path;
import java.util.Map;

/** The artifact store of a home: its own folders, and what the environment names for sharing. */
public final class ArtifactStores {
  private ArtifactStores() {}

  /**
   * The one of this process's environment.
   *
   * @throws dev.pawl.model.failure.PawlException as {@link ObjectStores#of} does
   */
  public static ArtifactStore of(Path home) {
    return of(home, System.getenv());
  }

  /** The one of an environment. */
  public static ArtifactStore of(Path home, Map<String, String> environment) {
    LocalArtifactStore local = new LocalArtifactStore(home);
    return ObjectStores.of(environment)
        .<ArtifactStore>map(objects -> new SharedArtifactStore(local, objects))
        .orElse(local);
  }
}
