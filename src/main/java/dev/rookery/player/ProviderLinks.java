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
  private final ProviderLinkStore store;
  private final Players players;
  private final Credentials credentials;

  public ProviderLinks(Credentials identities, InstantSource clock, Ids ids) {
    this.credentials = identities;
    this.store = new ProviderLinkStore(clock, ids);
    this.players = new Players(clock);
  }

  /** The player who is linked, seen now. */
  public Optional<Identity> findLinked(Transaction tx, VerifiedProfile profile) {
    var linked = store.updateLastSeen(tx, profile);
    linked.ifPresent(player -> completeProfile(tx, player.player(), profile, false));
    return linked;
  }

  /**
   * Links the player who has the address, seen now. Only if both sides know that it is his: the
   * provider says so, and he has read something that we sent there. Whoever registered with a
   * stranger's address is not given the stranger's account, nor the other way round. Empty, too,
   * for one who has another account of that provider.
   */
  public Optional<Identity> linkByEmail(Transaction tx, VerifiedProfile profile) {
    if (profile.email() == null) {
      return Optional.empty();
    }
    var linked = store.linkByEmail(tx, profile, profile.email());
    linked.ifPresent(player -> completeProfile(tx, player.player(), profile, true));
    return linked;
  }

  /** A new player; without the address if somebody has it already. */
  public Identity create(Transaction tx, VerifiedProfile profile) {
    String email = profile.email();
    boolean free = email != null && !credentials.findTaken(tx, email, null).email();
    return credentials.promoteIfFirst(tx, store.create(tx, profile, free ? email : null));
  }

  /**
   * Links a player, in place of another account of that provider, and tells his own stream. {@code
   * Conflict("provider_already_linked")} if it opens somebody else's account; {@code
   * Missing("player_not_found")}.
   *
   * @return the player's address before, empty if he had none or is linked already
   */
  public String link(Transaction tx, PlayerId player, VerifiedProfile profile) {
    Player before = players.lock(tx, player);
    Optional<PlayerId> holder = store.findOwner(tx, profile);
    if (holder.isPresent() && !holder.get().equals(player)) {
      throw Refused.conflict("provider_already_linked");
    }
    if (holder.isEmpty()) {
      store.link(tx, player, profile);
    }
    completeProfile(tx, player, profile, holder.isEmpty());
    return holder.isEmpty() ? before.email() : "";
  }

  /** What a provider calls the player, if he is linked. */
  public Optional<String> findProviderId(Reader reader, PlayerId player, Provider provider) {
    return store.findProviderId(reader, player, provider);
  }

  private void completeProfile(
      Transaction tx, PlayerId player, VerifiedProfile profile, boolean changed) {
    boolean more = store.completeProfile(tx, player, profile);
    String email = profile.email();
    boolean address = email != null && store.setEmailIfNone(tx, player, email);
    if (more || address || changed) {
      Player now = players.appendChange(tx, players.find(tx, player));
      LobbyId lobby = now.lobby();
      if (lobby != null && more) {
        players.appendChange(tx, now, Topic.lobby(lobby));
      }
    }
  }
}
