package dev.rookery.party;

import dev.rookery.base.Position;
import dev.rookery.player.Player;
import java.util.List;

/**
 * A party and its members, of one moment.
 *
 * @param members oldest account first
 * @param position of the party's stream at that moment; the start where a command answers
 */
public record PartySnapshot(Party party, List<Player> members, Position position) {}
