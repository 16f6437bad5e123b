package dev.rookery.protocol.page;

import dev.rookery.auth.OpenSession;
import dev.rookery.base.SessionId;
import dev.rookery.player.Player;
import dev.rookery.translation.Message;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Converts a player and their sessions to the model of the settings page. */
final class SettingsView {
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
        "metadata",
            player.metadata().isEmpty() ? "" : new JsonObject(player.metadata()).encodePrettily(),
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
        "created", Instant.ofEpochMilli(session.createdMs()),
        "used", Instant.ofEpochMilli(session.usedMs()),
        "current", session.id().equals(current));
  }

  /** Returns "Firefox on Windows" for a browser, and the user agent of any other client. */
  private static Message clientName(String userAgent) {
    if (!userAgent.startsWith("Mozilla/")) {
      return userAgent.isEmpty() ? Message.of("Unknown client") : Message.literal(userAgent);
    }
    String name = firstOf(BROWSERS, userAgent);
    Message browser = name.isEmpty() ? Message.of("Browser") : Message.literal(name);
    String system = firstOf(SYSTEMS, userAgent);
    return system.isEmpty()
        ? browser
        : Message.of("{browser} on {system}", "browser", browser, "system", system);
  }

  private static String firstOf(List<Map.Entry<String, String>> names, String text) {
    return names.stream()
        .filter(entry -> text.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static Message method(String kind) {
    return switch (kind) {
      case "mail" -> Message.of("Email");
      case "register" -> Message.of("Registration");
      case "anonymous" -> Message.of("Guest");
      case "openid" -> Message.literal("OpenID Connect");
      case "device" -> Message.of("Device");
      case "password" -> Message.of("Password");
      case "play" -> Message.of("Play");
      default ->
          Message.literal(kind.substring(0, 1).toUpperCase(Locale.ENGLISH) + kind.substring(1));
    };
  }
}
