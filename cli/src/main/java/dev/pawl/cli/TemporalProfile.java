package dev.pawl.cli;

import dev.pawl.cli.crypto.PayloadConverters;
import dev.pawl.cli.crypto.PayloadKeys;
import dev.pawl.db.Secrets;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.ClientConfigTLS;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the standard variables ({@code TEMPORAL_ADDRESS} and those beside it, or Temporal's file of
 * profiles) say that a server is reached. Whoever names a certificate gets TLS: the library alone
 * would connect in plain text unless {@code TEMPORAL_TLS=true} stands beside it.
 */
final class TemporalProfile {
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)(?:localhost|127(?:\\.\\d+){3}|\\[::1\\])(?::\\d+)?");

  private final ClientConfigProfile profile;
  private final PayloadKeys keys;
  private final boolean plainOnPurpose;

  private TemporalProfile(ClientConfigProfile profile, PayloadKeys keys) {
    this.profile = withTls(profile);
    this.keys = keys;
    ClientConfigTLS tls = profile.getTls();
    this.plainOnPurpose = tls != null && Boolean.TRUE.equals(tls.isDisabled());
  }

  /** Whether an environment names a server. */
  static boolean isConfigured(Map<String, String> environment) {
    return !environment.getOrDefault("TEMPORAL_ADDRESS", "").isBlank();
  }

  /**
   * What an environment says.
   *
   * @throws PawlException CONFIG when Temporal's own file is not readable or a key is none
   */
  static TemporalProfile of(Map<String, String> environment) {
    try {
      ClientConfigProfile profile =
          ClientConfigProfile.load(
              LoadClientConfigProfileOptions.newBuilder().setEnvOverrides(environment).build());
      know(profile);
      return new TemporalProfile(profile, PayloadKeys.of(environment));
    } catch (IOException | IllegalArgumentException e) {
      throw new PawlException(
          FailureCause.CONFIG,
          "the settings of Temporal cannot be read: %s; check TEMPORAL_CONFIG_FILE and TEMPORAL_PROFILE"
              .formatted(e.getMessage()),
          e);
    }
  }

  // What stands in Temporal's own file is in no variable.
  private static void know(ClientConfigProfile profile) {
    if (profile.getApiKey() != null) {
      Secrets.know(profile.getApiKey());
    }
    ClientConfigTLS tls = profile.getTls();
    if (tls != null && tls.getClientKeyData() != null) {
      Secrets.know(new String(tls.getClientKeyData(), StandardCharsets.UTF_8));
    }
  }

  private static ClientConfigProfile withTls(ClientConfigProfile profile) {
    ClientConfigTLS tls = profile.getTls();
    return tls == null || tls.isDisabled() != null
        ? profile
        : profile.toBuilder()
            .setTls(ClientConfigTLS.newBuilder(tls).setDisabled(false).build())
            .build();
  }

  String address() {
    return String.valueOf(profile.getAddress());
  }

  String namespace() {
    @Nullable String given = profile.getNamespace();
    return given == null || given.isEmpty() ? "default" : given;
  }

  /** Whether the connection is encrypted and the server has to prove who it is. */
  boolean encrypted() {
    ClientConfigTLS tls = profile.getTls();
    return hasApiKey() || (tls != null && Boolean.FALSE.equals(tls.isDisabled()));
  }

  boolean hasApiKey() {
    return profile.getApiKey() != null && !profile.getApiKey().isEmpty();
  }

  /** Whether this process says with a certificate who it is. */
  boolean hasCertificate() {
    ClientConfigTLS tls = profile.getTls();
    return tls != null && (tls.getClientCertPath() != null || tls.getClientCertData() != null);
  }

  /** Whether every server's certificate is good enough. */
  boolean trustsAnybody() {
    ClientConfigTLS tls = profile.getTls();
    return tls != null && Boolean.TRUE.equals(tls.isDisableHostVerification());
  }

  /** The file of the key of the certificate, if it is one. */
  Optional<Path> keyFile() {
    ClientConfigTLS tls = profile.getTls();
    return tls == null || tls.getClientKeyPath() == null || tls.getClientKeyPath().isEmpty()
        ? Optional.empty()
        : Optional.of(Path.of(tls.getClientKeyPath()));
  }

  PayloadKeys keys() {
    return keys;
  }

  /** What is wrong with a connection over a network, where nobody said that it shall be so. */
  Optional<String> exposure() {
    return encrypted() || plainOnPurpose || LOOPBACK.matcher(address()).matches()
        ? Optional.empty()
        : Optional.of(
            "the connection to the Temporal server %s is not encrypted: set TEMPORAL_TLS=true, or TEMPORAL_TLS=false where the network is trusted"
                .formatted(address()));
  }

  /**
   * How the server is reached.
   *
   * @throws PawlException CONFIG when certificates or keys cannot be read
   */
  WorkflowServiceStubsOptions service() {
    try {
      return profile.toWorkflowServiceStubsOptions();
    } catch (RuntimeException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw new PawlException(
          FailureCause.CONFIG,
          "the certificates of TEMPORAL_TLS_SERVER_CA_CERT_PATH, TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH (PKCS#8) cannot be read: %s: %s"
              .formatted(root.getClass().getSimpleName(), root.getMessage()),
          e);
    }
  }

  /** How it is talked to. */
  WorkflowClientOptions client() {
    return profile.toWorkflowClientOptions().toBuilder()
        .setDataConverter(PayloadConverters.of(keys))
        .build();
  }

  @Override
  public String toString() {
    return "%s, namespace %s, %s".formatted(address(), namespace(), encrypted() ? "TLS" : "no TLS");
  }
}
