package dev.rookery.node;

import dev.rookery.base.Ids;
import dev.rookery.bus.ClusterKeys;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import dev.rookery.player.DeviceDigests;
import dev.rookery.store.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Generates secrets that are not configured, at the first start, and keeps them in the data folder,
 * readable by the owner only. There is no default secret, so no two installations share one.
 */
final class SecretFiles {
  private static final Logger LOG = LoggerFactory.getLogger(SecretFiles.class);
  private static final int BYTES = 64;
  private static final String MAC = "HmacSHA256";

  private SecretFiles() {}

  /** The secret that signs tokens. */
  static Secret signingSecret(NodeConfig config, Ids ids) {
    Secret given = config.auth().signingSecret();
    return given == null
        ? readOrCreate(config.dataDir().resolve("secrets"), "signing", ids)
        : given;
  }

  /**
   * The keys by which nodes authenticate to each other, and by which they recognise that they
   * belong together.
   */
  static ClusterKeys clusterKeys(NodeConfig config, Ids ids) {
    var cluster = config.cluster();
    return ClusterKeys.derive(
        cluster.enabled() ? cluster.name() : "",
        baseSecret(config, ids).value(),
        config.auth().previousSecretList());
  }

  /** The secret that signs the tokens of rooms; not the one that signs those of sessions. */
  static Secret roomTokenSecret(NodeConfig config, Ids ids) {
    Secret given = config.matches().tokenSecret();
    return given == null ? derive(baseSecret(config, ids), "room tokens") : given;
  }

  private static Secret derive(Secret base, String purpose) {
    try {
      var mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(base.value().getBytes(StandardCharsets.UTF_8), MAC));
      byte[] derived = mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
      return new Secret(HexFormat.of().formatHex(derived));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The secret from which keys for other purposes than tokens are derived. */
  private static Secret baseSecret(NodeConfig config, Ids ids) {
    Secret given = config.auth().secretKeyBase();
    return given == null ? signingSecret(config, ids) : given;
  }

  /**
   * The keys under which device ids are stored. The secret that was generated here before one was
   * configured is accepted as a previous one.
   */
  static DeviceDigests deviceDigests(NodeConfig config, Ids ids) {
    var others = new ArrayList<>(config.auth().previousSecretList());
    String generated = generatedSecret(config);
    if (generated != null) {
      others.add(generated);
    }
    return new DeviceDigests(baseSecret(config, ids).value(), others);
  }

  /** The secret that was generated here before one was configured; null if there was none. */
  private static @Nullable String generatedSecret(NodeConfig config) {
    Path file = config.dataDir().resolve("secrets").resolve("signing");
    try {
      return Files.exists(file) ? Files.readString(file).strip() : null;
    } catch (IOException e) {
      LOG.warn("cannot read the earlier secret {}: {}", file, e.getMessage());
      return null;
    }
  }

  private static Secret readOrCreate(Path folder, String name, Ids ids) {
    Path file = folder.resolve(name);
    try {
      PrivateFolder.create(folder);
      if (!Files.exists(file)) {
        create(file, ids.token(BYTES));
      }
      String value = Files.readString(file).strip();
      if (value.length() < BYTES) {
        throw new IllegalStateException(
            file
                + " holds no secret: remove the file, and a new one is generated; all tokens become"
                + " invalid");
      }
      return new Secret(value);
    } catch (IOException e) {
      throw new IllegalStateException("cannot keep a secret in " + file + ": " + e.getMessage(), e);
    }
  }

  private static void create(Path file, String value) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    // Written to a temporary file and linked, so that a crash leaves a whole secret or none.
    Path aside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(aside);
    try (var channel =
        Files.newByteChannel(
            aside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
      channel.write(
          java.nio.ByteBuffer.wrap(
              (value + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }
    try {
      Files.createLink(file, aside);
      LOG.info("generated a secret: {}", file);
    } catch (FileAlreadyExistsException e) {
      LOG.debug("another node generated it first: {}", file);
    } finally {
      Files.deleteIfExists(aside);
    }
  }
}
