package dev.rookery.player;

import dev.rookery.base.Ids;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Accounts that open for whom a provider vouches; for the domain that signs players in, inside its
 * own transaction. What a provider says of somebody never takes the place of what he said himself.
 *
 * <p>Everything that meets somebody who was faster fails as a duplicate, and the transaction with
 * it: it is then to be tried again.
 */
public final class ProviderLinks {
  private final ProviderLinkStore rows;
  private final Players players;
  private final Credentials identities;

  public ProviderLinks(Credentials identities, InstantSource clock, Ids ids) {
    this.identities = identities;
    this.rows = new ProviderLinkStore(clock, ids);
    this.players = new Players(clock);
  }

  /** The player who is linked, seen now. */
  public Optional<Identity> enter(Transaction tx, Vouched vouched) {
    var linked = rows.see(tx, vouched);
    linked.ifPresent(player -> complete(tx, player.player(), vouched, false));
    return linked;
  }

  /**
   * Links the player who has the address, seen now. Only if both sides know that it is his: the
   * provider says so, and he has read something that we sent there. Whoever registered with a
   * stranger's address is not given the stranger's account, nor the other way round. Empty, too,
   * for one who has another account of that provider.
   */
  public Optional<Identity> enterByEmail(Transaction tx, Vouched vouched) {
    if (vouched.email() == null) {
      return Optional.empty();
    }
    var linked = rows.linkByEmail(tx, vouched, vouched.email());
    linked.ifPresent(player -> complete(tx, player.player(), vouched, true));
    return linked;
  }

  /** A new player; without the address if somebody has it already. */
  public Identity create(Transaction tx, Vouched vouched) {
    String email = vouched.email();
    boolean free = email != null && !identities.taken(tx, email, null).email();
    return identities.crowned(tx, rows.create(tx, vouched, free ? email : null));
  }

  /**
   * Links a player, in place of another account of that provider, and tells his own stream. {@code
   * Conflict("provider_already_linked")} if it opens somebody else's account; {@code
   * Missing("player_not_found")}.
   *
   * @return the player's address before, empty if he had none or is linked already
   */
  public String link(Transaction tx, PlayerId player, Vouched vouched) {
    Player before = players.lock(tx, player);
    Optional<PlayerId> holder = rows.holder(tx, vouched);
    if (holder.isPresent() && !holder.get().equals(player)) {
      throw Refused.conflict("provider_already_linked");
    }
    if (holder.isEmpty()) {
      rows.link(tx, player, vouched);
    }
    complete(tx, player, vouched, holder.isEmpty());
    return holder.isEmpty() ? before.email() : "";
  }

  /** What a provider calls the player, if he is linked. */
  public Optional<String> idOf(Reader reader, PlayerId player, Provider provider) {
    return rows.idOf(reader, player, provider);
  }

  private void complete(Transaction tx, PlayerId player, Vouched vouched, boolean changed) {
    boolean more = rows.complete(tx, player, vouched);
    String email = vouched.email();
    boolean address = email != null && rows.giveEmail(tx, player, email);
    if (more || address || changed) {
      Player now = players.told(tx, players.find(tx, player));
      LobbyId lobby = now.lobby();
      if (lobby != null && more) {
        players.tell(tx, now, Topic.lobby(lobby));
      }
    }
  }
}
