package dev.rookery.node;

import dev.rookery.config.ConfigItem;
import dev.rookery.config.Secret;
import dev.rookery.console.ConfigEntry;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The configuration as the console shows it. Of a secret it has the first digits of a digest, with
 * a key that is derived from the signing secret: enough to compare nodes, and useless otherwise.
 */
final class ConfigEntries {
  private static final String MAC = "HmacSHA256";
  private static final String PURPOSE = "digests of the configuration";
  private static final int DIGITS = 6;
  private static final Pattern CREDENTIALS = Pattern.compile("(?<=://)[^\\s/@]++@");

  private static final Pattern PASSWORD = Pattern.compile("://[^:/@]*+:([^@/]++)@");

  private ConfigEntries() {}

  /**
   * @param signingSecret the secret that all nodes share
   */
  static List<ConfigEntry> of(List<ConfigItem> items, Secret signingSecret) {
    byte[] key = digest(bytes(signingSecret.value()), PURPOSE);
    return items.stream().map(item -> entry(item, key)).toList();
  }

  /**
   * The values of all secrets that are set, the parts of those that are lists, and the passwords
   * within those that are addresses.
   */
  static List<String> secrets(List<ConfigItem> items) {
    var values = new ArrayList<String>();
    for (ConfigItem item : items) {
      Secret secret = item.secret();
      if (secret != null) {
        values.add(secret.value());
        // Several secrets may be in one, after a rotation.
        values.addAll(List.of(secret.value().split(",", -1)));
        Matcher password = PASSWORD.matcher(secret.value());
        if (password.find()) {
          values.add(password.group(1));
        }
      }
    }
    return List.copyOf(values);
  }

  private static ConfigEntry entry(ConfigItem item, byte[] key) {
    Secret secret = item.secret();
    return new ConfigEntry(
        item.key(),
        secret == null ? withoutCredentials(item.value()) : prefix(key, secret),
        item.standard(),
        item.isSecret(),
        switch (item.origin().source()) {
          case DEFAULT -> ConfigEntry.Source.DEFAULT;
          case FILE -> ConfigEntry.Source.FILE;
          case ENVIRONMENT -> ConfigEntry.Source.ENVIRONMENT;
          case PROGRAM -> ConfigEntry.Source.PROGRAM;
        },
        item.origin().name(),
        item.environment(),
        item.meaning());
  }

  private static String prefix(byte[] key, Secret secret) {
    return HexFormat.of().formatHex(digest(key, secret.value())).substring(0, DIGITS);
  }

  /** An address may have a user and a password, although its key is no secret. */
  private static @Nullable String withoutCredentials(@Nullable String value) {
    return value == null ? null : CREDENTIALS.matcher(value).replaceAll("[removed]@");
  }

  private static byte[] digest(byte[] key, String text) {
    try {
      var mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(key, MAC));
      return mac.doFinal(bytes(text));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
