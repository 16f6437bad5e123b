package dev.rookery.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority of one test, made with the JDK's keytool, and PEM files of what it signs. */
public final class TestCertificates {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path store;

  private TestCertificates(Path folder) {
    this.folder = folder;
    this.store = folder.resolve("authority.p12");
  }

  /** Makes an authority whose files lie in the folder, which is created. */
  public static TestCertificates create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    var certificates = new TestCertificates(folder);
    certificates.generate("authority", "-dname", "CN=Authority", "-ext", "bc:c");
    return certificates;
  }

  /** The certificate of the authority. */
  public Path authority() {
    return certificate("authority");
  }

  /** Signs a certificate for a name, and keeps it under this alias. */
  public void sign(String alias, String subject, String names) {
    generate(alias, "-dname", "CN=" + subject, "-ext", "san=" + names, "-signer", "authority");
  }

  public Path certificate(String alias) {
    try {
      return write(alias + ".pem", "CERTIFICATE", open().getCertificate(alias).getEncoded());
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  public Path key(String alias) {
    try {
      return write(
          alias + ".key", "PRIVATE KEY", open().getKey(alias, PASSWORD.toCharArray()).getEncoded());
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private KeyStore open() {
    try (InputStream content = Files.newInputStream(store)) {
      var opened = KeyStore.getInstance("PKCS12");
      opened.load(content, PASSWORD.toCharArray());
      return opened;
    } catch (GeneralSecurityException | IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private Path write(String name, String kind, byte[] encoded) {
    Path file = folder.resolve(name);
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(encoded), kind);
    try {
      Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return file;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void generate(String alias, String... options) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:+UseSerialGC",
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                alias));
    command.addAll(List.of(options));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
