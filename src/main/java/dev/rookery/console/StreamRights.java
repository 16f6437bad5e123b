package dev.rookery.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The topics that operators can inspect, and what they need for them beside {@link
 * Permission#STREAMS_FOLLOW}: the permission to read what the topic is about, and for some events
 * another one.
 */
public final class StreamRights {
  private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]{1,200}");

  private record Kind(String prefix, Permission permission, boolean feed) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(Topic.PLAYER, Permission.PLAYERS_READ, false),
          new Kind("friends:", Permission.PLAYERS_READ, true),
          new Kind("lobby:", Permission.LOBBIES_READ, false),
          new Kind("party:", Permission.SOCIAL_READ, false),
          new Kind("group:", Permission.SOCIAL_READ, false),
          new Kind("group-members:", Permission.SOCIAL_READ, true),
          new Kind("room:", Permission.CHAT_READ, false),
          new Kind("match:", Permission.MATCHES_READ, false),
          new Kind("leaderboard:", Permission.LEADERBOARDS_READ, false),
          new Kind("x:", Permission.EXTENSIONS_READ, false),
          new Kind("x-transient:", Permission.EXTENSIONS_READ, true));

  private static final Map<String, Kind> NAMED =
      Map.of(
          Topic.LOBBIES,
          new Kind(Topic.LOBBIES, Permission.LOBBIES_READ, true),
          Topic.GROUPS,
          new Kind(Topic.GROUPS, Permission.SOCIAL_READ, true),
          "leaderboards",
          new Kind("leaderboards", Permission.LEADERBOARDS_READ, false),
          "achievements",
          new Kind("achievements", Permission.ACHIEVEMENTS_READ, false),
          "storage",
          new Kind("storage", Permission.KV_READ, false));

  /** By the family of their types. */
  private static final Map<String, Permission> OF_EVENTS =
      Map.of(
          "ChatEvent", Permission.CHAT_READ,
          "NotificationEvent", Permission.NOTIFICATIONS_READ,
          "MatchEvent", Permission.MATCHES_SECRET);

  private StreamRights() {}

  /** Whether the topic has neither positions nor a history. */
  public static boolean isFeed(String topic) {
    return kind(topic).feed();
  }

  /** The permission to open the topic; {@code Missing("unknown_topic")}. */
  public static Permission ofTopic(String topic) {
    return kind(topic).permission();
  }

  private static Kind kind(String topic) {
    if (NAME.matcher(topic).matches()) {
      Kind named = NAMED.get(topic);
      if (named != null) {
        return named;
      }
      for (Kind kind : KINDS) {
        if (topic.startsWith(kind.prefix()) && topic.length() > kind.prefix().length()) {
          return kind;
        }
      }
    }
    throw Refused.missing("unknown_topic");
  }

  /** The permission without which the payload of an event is left out; null if there is none. */
  static @Nullable Permission ofEvent(String type) {
    int dot = type.indexOf('.');
    return OF_EVENTS.get(dot < 0 ? type : type.substring(0, dot));
  }

  /** Those permissions of an admin that decide what is shown of a stream. */
  public static Set<Permission> of(Predicate<Permission> may) {
    Set<Permission> rights = EnumSet.of(Permission.PLAYERS_PERSONAL);
    KINDS.forEach(kind -> rights.add(kind.permission()));
    NAMED.values().forEach(kind -> rights.add(kind.permission()));
    rights.addAll(OF_EVENTS.values());
    rights.removeIf(may.negate());
    return rights;
  }

  /** Those of the permissions that decide what is shown of one topic. */
  public static Set<Permission> within(String topic, Set<Permission> rights) {
    Set<Permission> deciding = EnumSet.of(Permission.PLAYERS_PERSONAL, ofTopic(topic));
    deciding.addAll(OF_EVENTS.values());
    deciding.retainAll(rights);
    return deciding;
  }

  /** Refuses with {@code Denied("missing_permission")} and the permission that is missing. */
  static void require(String topic, Set<Permission> rights) {
    Permission needed = ofTopic(topic);
    if (!rights.contains(needed)) {
      throw new Refused(
          new Refusal.Denied("missing_permission", Map.of("permission", needed.text())));
    }
  }
}
