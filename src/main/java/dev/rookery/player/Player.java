package dev.rookery.player;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A player as protocols show it. The protocol decides which fields a viewer sees. Contains no
 * password hash and no device id.
 *
 * @param uuid identifies the player on protocols without integer ids
 * @param email empty if none; shown only to the player and admins
 * @param lastSeenMs 0 if never
 * @param lobby null if in none
 * @param partyId null if in none
 * @param linked the linked identity providers
 * @param hasDevice whether the player can sign in with a device id
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
