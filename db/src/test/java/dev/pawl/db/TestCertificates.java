package dev.pawl.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that lives as long as a test, and the certificates it gives out. */
public final class TestCertificates {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final Issued authority;

  /** A new authority that nobody trusts yet. */
  public TestCertificates(String name) {
    KeyPair pair = pair();
    authority =
        new Issued(certificate(name, pair, name, pair.getPrivate(), true), pair.getPrivate());
  }

  /** A certificate with its key. */
  public record Issued(X509Certificate certificate, PrivateKey key) {
    /** The certificate as text. */
    public String certificatePem() {
      try {
        return pem("CERTIFICATE", certificate.getEncoded());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The key as text, PKCS#8. */
    public String keyPem() {
      return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String kind, byte[] bytes) {
      return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
          .formatted(
              kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), kind);
    }

    /** Writes the certificate into a file. */
    public Path certificateFile(Path file) {
      return write(file, certificatePem().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    /** Writes the key as text into a file that nobody else may read. */
    public Path keyFile(Path file) {
      return write(file, keyPem().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    /** Writes the key in binary, as PostgreSQL's driver wants it. */
    public Path binaryKeyFile(Path file) {
      return write(file, key.getEncoded());
    }

    private static Path write(Path file, byte[] bytes) {
      try {
        Files.write(file, bytes);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The authority's own certificate. */
  public Issued authority() {
    return authority;
  }

  /** A certificate for localhost, 127.0.0.1, or a client of that name. */
  public Issued issue(String commonName) {
    KeyPair pair = pair();
    String issuer = authority.certificate().getSubjectX500Principal().getName().substring(3);
    return new Issued(
        certificate(commonName, pair, issuer, authority.key(), false), pair.getPrivate());
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  private static X509Certificate certificate(
      String subject, KeyPair of, String issuer, PrivateKey by, boolean authority) {
    Instant now = Instant.now();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=" + issuer),
            BigInteger.valueOf(SERIAL.getAndIncrement()),
            Date.from(now.minus(1, ChronoUnit.HOURS)),
            Date.from(now.plus(1, ChronoUnit.DAYS)),
            new X500Name("CN=" + subject),
            of.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (!authority) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                new GeneralName[] {
                  new GeneralName(GeneralName.dNSName, "localhost"),
                  new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                }));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("a certificate of " + subject, e);
    }
  }
}
