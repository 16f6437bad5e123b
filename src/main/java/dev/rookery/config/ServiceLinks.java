package dev.rookery.config;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Recognises the environment variables that container platforms set for services beside this one.
 *
 * <p>A Kubernetes service called {@code postgres} gives every pod {@code
 * POSTGRES_PORT=tcp://10.0.0.1:5432}, {@code POSTGRES_SERVICE_HOST}, {@code
 * POSTGRES_PORT_5432_TCP_ADDR} and more; a Docker link does the same. Some of these names are those
 * of keys. Name and value decide together, so that a misspelt key is still reported.
 */
final class ServiceLinks {
  private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://\\S+:\\d{1,5}");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");
  private static final Pattern CONTAINER = Pattern.compile("/[^/\\s]+(/[^/\\s]+)+");

  private static final Pattern NAME_OF_ADDRESS =
      Pattern.compile("(.+_)?PORT(_\\d+_(TCP|UDP|SCTP))?");
  private static final Pattern NAME_OF_HOST = Pattern.compile(".+_SERVICE_HOST");
  private static final Pattern NAME_OF_PORT =
      Pattern.compile(".+_SERVICE_PORT(_[A-Z0-9_]+)?|.+_PORT_\\d+_(TCP|UDP|SCTP)_PORT");
  private static final Pattern NAME_OF_DETAIL =
      Pattern.compile(".+_PORT_\\d+_(TCP|UDP|SCTP)_(PROTO|ADDR)");
  private static final Pattern NAME_OF_CONTAINER = Pattern.compile(".+_NAME");

  private ServiceLinks() {}

  /**
   * Whether a platform set this variable of a key to the address of a service. No key that ends in
   * {@code PORT} has such a value, so the variable counts as not set.
   */
  static boolean isAddress(String name, String value) {
    return NAME_OF_ADDRESS.matcher(name).matches() && ADDRESS.matcher(value.strip()).matches();
  }

  /** Whether a platform set this variable, which is that of no key. */
  static boolean isLink(String name, String value) {
    String text = value.strip();
    return isAddress(name, text)
        || NAME_OF_HOST.matcher(name).matches()
        || (NAME_OF_PORT.matcher(name).matches() && NUMBER.matcher(text).matches())
        || NAME_OF_DETAIL.matcher(name).matches()
        || (NAME_OF_CONTAINER.matcher(name).matches() && CONTAINER.matcher(text).matches());
  }

  /**
   * Whether this variable is one of another container, which a Docker link repeats: {@code
   * DB_ENV_LANG} beside {@code DB_NAME=/app/db}.
   */
  static boolean isOfLinkedContainer(String name, Map<String, String> environment) {
    int end = name.indexOf("_ENV_");
    if (end < 0) {
      return false;
    }
    String container = name.substring(0, end) + "_NAME";
    String text = environment.get(container);
    return text != null && isLink(container, text);
  }
}
