package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.CommandScope;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What an admin is about to do, for the audit log. As the scope of a command ({@link
 * dev.rookery.bus.Bus#ask(dev.rookery.bus.Command, CommandScope)}) it is written in the first
 * transaction that the command commits.
 */
public final class AuditedChange implements CommandScope {
  static final int DETAILS_MAX = 8_000;
  private static final int VALUE_MAX = 500;
  private static final int NAME_MAX = 200;

  /** What the audit log has instead of personal values and secrets. */
  public static final String MASKED = "***";

  /** Texts of players, and secrets; recorded is only that they were given. */
  private static final Set<String> PERSONAL =
      Set.of("email", "display_name", "username", "device_id", "content");

  private static final Set<String> SECRET_PARTS = Set.of("password", "token", "secret", "code");

  private final Actor actor;
  private final String action;
  private final String target;
  private final JsonObject details;
  private final Map<String, String> before = new ConcurrentHashMap<>();
  private volatile boolean recorded;

  /**
   * @param action what is done, the id of the operation: {@code admin_ban_user}
   * @param target what it is done to, an area and an id: {@code users/12}
   * @param values the input of the action by name; personal values and secrets are masked here
   */
  public AuditedChange(
      Actor actor, String action, String target, Map<String, @Nullable Object> values) {
    this.actor = actor;
    this.action = cut(action, NAME_MAX);
    this.target = cut(target, NAME_MAX);
    this.details = masked(values);
  }

  /**
   * The admin who causes the command that the calling thread carries out; null if none does, and
   * null for the commands of a batch, which may have several.
   */
  public static @Nullable PlayerId currentAdmin() {
    return CommandScope.current() instanceof AuditedChange change ? change.actor.player() : null;
  }

  /** The id of the access key that causes the command; null if a person or the server does. */
  public static @Nullable String currentKey() {
    return CommandScope.current() instanceof AuditedChange change ? change.actor.keyId() : null;
  }

  /**
   * What is left of the role of the admin in whose scope the calling thread works: an access key
   * may do a part of it.
   */
  static Optional<RoleTemplate> narrowed(Optional<RoleTemplate> role) {
    Set<Permission> limit =
        CommandScope.current() instanceof AuditedChange change ? change.actor.limit() : null;
    return limit == null ? role : role.map(one -> one.narrowedTo(Actor.Kind.KEY.text(), limit));
  }

  /**
   * Adds what a value was before the command that the calling thread carries out, if that is
   * recorded, and is none of a batch.
   */
  public static void recordBefore(String name, String value) {
    if (CommandScope.current() instanceof AuditedChange change) {
      change.before.put(name, isHidden(name) ? MASKED : cut(maskedText(value), NAME_MAX));
    }
  }

  public Actor actor() {
    return actor;
  }

  public String action() {
    return action;
  }

  public String target() {
    return target;
  }

  /** The input as JSON, at most {@value #DETAILS_MAX} characters. */
  String details() {
    JsonObject all = before.isEmpty() ? details : details.copy().put("before", before);
    String text = all.encode();
    return text.length() <= DETAILS_MAX
        ? text
        : JsonObject.of("cut", text.substring(0, VALUE_MAX)).encode();
  }

  @Override
  public boolean needsRecord() {
    return !recorded;
  }

  @Override
  public void recorded() {
    recorded = true;
  }

  @Override
  public boolean mayShareTransaction() {
    return true;
  }

  private static JsonObject masked(Map<String, @Nullable Object> values) {
    var json = new JsonObject();
    values.forEach((name, value) -> json.put(name, value == null ? null : masked(name, value)));
    return json;
  }

  private static Object masked(String name, Object value) {
    if (isHidden(name)) {
      return MASKED;
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value;
    }
    Object inside = maskedInside(value);
    return cut(inside instanceof String text ? text : Json.encode(inside), VALUE_MAX);
  }

  private static boolean isHidden(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    return PERSONAL.contains(key) || SECRET_PARTS.stream().anyMatch(key::contains);
  }

  /** Masks the members of objects at any depth, also of JSON that is given as text. */
  private static Object maskedInside(Object value) {
    return switch (value) {
      case JsonObject object -> maskedInside(object.getMap());
      case JsonArray array -> maskedInside(array.getList());
      case Map<?, ?> map -> {
        var json = new JsonObject();
        map.forEach((name, member) -> json.put(name.toString(), member(name.toString(), member)));
        yield json;
      }
      case List<?> list -> {
        var json = new JsonArray();
        list.forEach(item -> json.add(item == null ? null : maskedInside(item)));
        yield json;
      }
      case String text -> maskedText(text);
      default -> value;
    };
  }

  private static @Nullable Object member(String name, @Nullable Object value) {
    return value == null ? null : isHidden(name) ? MASKED : maskedInside(value);
  }

  private static String maskedText(String text) {
    String plain = text.strip();
    if (!plain.startsWith("{") && !plain.startsWith("[")) {
      return text;
    }
    try {
      return Json.encode(maskedInside(Json.decodeValue(plain)));
    } catch (DecodeException _) {
      return text;
    }
  }

  private static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end) + "…";
  }
}
