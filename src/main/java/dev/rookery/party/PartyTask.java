package dev.rookery.party;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.party.PartyCommand.Accept;
import dev.rookery.party.PartyCommand.CancelInvite;
import dev.rookery.party.PartyCommand.Change;
import dev.rookery.party.PartyCommand.Create;
import dev.rookery.party.PartyCommand.Decline;
import dev.rookery.party.PartyCommand.Disband;
import dev.rookery.party.PartyCommand.Invite;
import dev.rookery.party.PartyCommand.Kick;
import dev.rookery.party.PartyCommand.KickFromAny;
import dev.rookery.party.PartyCommand.Leave;
import dev.rookery.party.PartyCommand.Update;
import dev.rookery.party.PartyCommand.UpdateAny;
import dev.rookery.player.Player;
import dev.rookery.store.IdempotentCommand;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command that waits for its batch, with the faults of its fields.
 *
 * @param player whose command it is; the leader of the party if it is the server's
 * @param idempotent null if it came without an idempotency key
 */
record PartyTask(
    Change<?> command,
    PlayerId player,
    FieldErrors errors,
    @Nullable IdempotentCommand idempotent) {

  /** The other player whom it names; null if none. */
  @Nullable PlayerId target() {
    return switch (command) {
      case Kick kick -> kick.target();
      case Invite invite -> invite.target();
      case CancelInvite cancel -> cancel.target();
      case KickFromAny kick -> kick.target();
      case Create _, Update _, Leave _, Accept _, Decline _, UpdateAny _, Disband _ -> null;
    };
  }

  @Override
  public String toString() {
    return command.getClass().getSimpleName() + "[player=" + player() + "]";
  }

  /**
   * What came of a command.
   *
   * @param party that the command answers with; null if it answers with none
   * @param refused set if the command was refused after it had changed something
   */
  record Result(@Nullable Party party, List<Player> members, @Nullable Refused refused) {
    static final Result NONE = new Result(null, List.of(), null);

    PartySnapshot snapshot() {
      return new PartySnapshot(Objects.requireNonNull(party), members, Position.START);
    }

    /** What is stored for a command that is repeated with its key; null for nothing. */
    @Nullable Object stored() {
      if (refused != null) {
        return null;
      }
      return party == null ? Done.DONE : party;
    }
  }
}
