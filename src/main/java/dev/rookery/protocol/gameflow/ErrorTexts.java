package dev.rookery.protocol.gameflow;

import dev.rookery.base.Refused;

/** Translates refusals of the domains into the error texts of the GameFlow contract. */
final class ErrorTexts {
  static final String INTERNAL_ERROR = "Internal Server Error";

  private ErrorTexts() {}

  /**
   * Returns the error text for a failed lobby command.
   *
   * @param notHost the text if the command is reserved to the owner, which depends on the command
   */
  static String text(Throwable cause, String notHost) {
    if (!(cause instanceof Refused refused)) {
      return INTERNAL_ERROR;
    }
    return switch (refused.refusal().code()) {
      case "not_found", "lobby_not_found" -> "Lobby not found";
      case "not_in_lobby" -> "Not in a lobby";
      case "already_in_lobby" -> "Already in lobby";
      case "private" -> "Lobby is private";
      case "locked" -> "Lobby is locked";
      case "full" -> "Lobby is full";
      case "password_required" -> "Password required";
      case "invalid_password" -> "Invalid password";
      case "too_many_attempts" -> "Too many attempts";
      case "not_host" -> notHost;
      case "in_party", "not_leader" -> "Only the leader of a party can do this";
      case "member_in_lobby" -> "A member of the party is in a lobby";
      case "members_offline" -> "A member of the party is offline";
      case "lobby_too_small_for_party", "not_enough_space" -> "Not enough room for the party";
      case "not_ready" -> "Not all players are ready";
      case "allocation_failed" -> "Failed to allocate game server";
      default -> INTERNAL_ERROR;
    };
  }
}
