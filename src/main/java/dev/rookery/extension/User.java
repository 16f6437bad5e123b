package dev.rookery.extension;

import java.time.Instant;
import java.util.Map;

/**
 * A player. As the result of a function it becomes an object with names such as {@code
 * display_name}.
 *
 * @param email empty if they have none
 * @param metadata a JSON object
 * @param lobbyId -1 if they are in none
 * @param partyId -1 if they are in none
 * @param isOnline whether a socket of theirs is connected
 * @param lastSeenAt the epoch if never
 */
public record User(
    long id,
    String email,
    String displayName,
    String profileUrl,
    Map<String, Object> metadata,
    long lobbyId,
    long partyId,
    boolean isOnline,
    Instant lastSeenAt,
    Instant insertedAt,
    Instant updatedAt) {}
