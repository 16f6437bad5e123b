package dev.rookery.protocol.page;

import dev.rookery.auth.OpenSession;
import dev.rookery.base.SessionId;
import dev.rookery.player.Player;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Converts a player and their sessions to the model of the settings page. */
final class SettingsView {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  // Ordered: a user agent also names the browsers that it is compatible with.
  private static final List<Map.Entry<String, String>> BROWSERS =
      List.of(
          Map.entry("Edg", "Edge"),
          Map.entry("OPR/", "Opera"),
          Map.entry("Firefox/", "Firefox"),
          Map.entry("Chrome/", "Chrome"),
          Map.entry("Safari/", "Safari"));

  private static final List<Map.Entry<String, String>> SYSTEMS =
      List.of(
          Map.entry("Android", "Android"),
          Map.entry("iPhone", "iOS"),
          Map.entry("iPad", "iPadOS"),
          Map.entry("Windows", "Windows"),
          Map.entry("Mac OS", "macOS"),
          Map.entry("Linux", "Linux"));

  private SettingsView() {}

  static Map<String, Object> of(Player player) {
    return Map.of(
        "id", player.id().value(),
        "name", player.displayName(),
        "email", player.email(),
        "admin", player.admin(),
        "hasPassword", player.hasPassword(),
        "hasDevice", player.hasDevice());
  }

  static List<Map<String, Object>> sessions(List<OpenSession> sessions, SessionId current) {
    return sessions.stream().map(session -> session(session, current)).toList();
  }

  private static Map<String, Object> session(OpenSession session, SessionId current) {
    return Map.of(
        "number", session.number(),
        "client", clientName(session.userAgent()),
        "method", method(session.kind()),
        "address", session.address(),
        "created", time(session.createdMs()),
        "used", time(session.usedMs()),
        "current", session.id().equals(current));
  }

  /** Returns "Firefox on Windows" for a browser, and the user agent of any other client. */
  private static String clientName(String userAgent) {
    if (!userAgent.startsWith("Mozilla/")) {
      return userAgent.isEmpty() ? "Unknown client" : userAgent;
    }
    return firstOf(BROWSERS, userAgent, "Browser")
        + firstOf(SYSTEMS, userAgent, "")
            .transform(system -> system.isEmpty() ? "" : " on " + system);
  }

  private static String firstOf(List<Map.Entry<String, String>> names, String text, String other) {
    return names.stream()
        .filter(entry -> text.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(other);
  }

  private static String method(String kind) {
    return switch (kind) {
      case "mail" -> "Email";
      case "register" -> "Registration";
      case "anonymous" -> "Guest";
      case "openid" -> "OpenID Connect";
      default -> kind.substring(0, 1).toUpperCase(Locale.ENGLISH) + kind.substring(1);
    };
  }

  private static String time(long ms) {
    return TIME.format(Instant.ofEpochMilli(ms));
  }
}
