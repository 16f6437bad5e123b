package dev.rookery.player;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import org.jspecify.annotations.Nullable;

/**
 * What other domains decide by: who a player is, and in which lobby and party.
 *
 * @param uuid the same player's name on the wires that know no integers
 * @param displayName empty if none
 * @param lobby null if in none
 * @param party null if in none
 */
public record PlayerSummary(
    PlayerId id,
    String uuid,
    String displayName,
    @Nullable LobbyId lobby,
    @Nullable PartyId party) {}
