package dev.rookery.player;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A player as every wire may show him; which parts are for whom is the wire's business. Holds no
 * secret: neither password hash nor device id.
 *
 * @param uuid the same player's name on the wires that know no integers
 * @param email empty if none; shown to its owner and to admins alone
 * @param lastSeenMs 0 if never
 * @param partyId null if in none
 * @param hasDevice whether a device id opens this account
 */
public record Player(
    PlayerId id,
    String uuid,
    String email,
    String displayName,
    String profileUrl,
    Map<String, Object> metadata,
    boolean admin,
    boolean online,
    long lastSeenMs,
    @Nullable LobbyId lobby,
    @Nullable Long partyId,
    Set<Provider> linked,
    boolean hasDevice,
    boolean hasPassword,
    long createdMs,
    long revision) {}
