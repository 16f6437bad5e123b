package dev.rookery.player;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Links between players and their accounts at identity providers, for the auth domain inside its
 * own transactions. Data from a provider fills empty profile fields but never replaces what the
 * player entered.
 *
 * <p>A concurrent change of the same link fails with a duplicate-key error, and with it the
 * transaction; the caller retries.
 */
public final class ProviderLinks {
  private final ProviderLinkStore store;
  private final Players players;
  private final Credentials credentials;

  public ProviderLinks(Credentials credentials, InstantSource clock, Ids ids) {
    this.credentials = credentials;
    this.store = new ProviderLinkStore(clock, ids);
    this.players = new Players(clock);
  }

  /** Returns the player who is linked to the profile, and updates when they were last seen. */
  public Optional<Identity> findLinked(Transaction tx, VerifiedProfile profile) {
    var linked = store.updateLastSeen(tx, profile);
    linked.ifPresent(player -> completeProfile(tx, player.player(), profile, false));
    return linked;
  }

  /**
   * Links the player who has the email of the profile, and updates when they were last seen. Both
   * sides must have verified the email: the provider says so, and the player has confirmed it here.
   * Otherwise an attacker could take over an account by registering with a foreign address. Empty,
   * too, if the player has another account of that provider.
   */
  public Optional<Identity> linkByEmail(Transaction tx, VerifiedProfile profile) {
    if (profile.email() == null) {
      return Optional.empty();
    }
    var linked = store.linkByEmail(tx, profile, profile.email());
    linked.ifPresent(player -> completeProfile(tx, player.player(), profile, true));
    return linked;
  }

  /** Creates a player from the profile; without the email if another player has it. */
  public Identity create(Transaction tx, VerifiedProfile profile) {
    String email = profile.email();
    boolean free = email != null && !credentials.findTaken(tx, email, null).email();
    Identity created = store.create(tx, profile, free ? email : null);
    credentials.registered(tx, created);
    return credentials.promoteIfFirst(tx, created);
  }

  /**
   * Links the profile to a player, replacing another account of that provider, and appends the
   * change to the player's stream. Throws {@code Conflict("provider_already_linked")} if it is
   * linked to another player, {@code Denied("marked_player")}, and {@code
   * Missing("player_not_found")}.
   *
   * @return the email of the player to notify; empty if there is none or the link existed already
   */
  public String link(Transaction tx, PlayerId player, VerifiedProfile profile) {
    Player before = players.lock(tx, player);
    MarkedPlayerStore.requireUnmarked(tx, player);
    Optional<PlayerId> owner = ProviderLinkStore.findOwner(tx, profile.provider(), profile.id());
    if (owner.isPresent() && !owner.get().equals(player)) {
      throw Refused.conflict("provider_already_linked");
    }
    if (owner.isEmpty()) {
      store.link(tx, player, profile);
    }
    completeProfile(tx, player, profile, owner.isEmpty());
    return owner.isEmpty() ? before.email() : "";
  }

  /** Returns the id of the player at a provider; empty if not linked. */
  public Optional<String> findProviderId(Reader reader, PlayerId player, Provider provider) {
    return store.findProviderId(reader, player, provider);
  }

  private void completeProfile(
      Transaction tx, PlayerId player, VerifiedProfile profile, boolean changed) {
    boolean profileCompleted = store.completeProfile(tx, player, profile);
    String email = profile.email();
    boolean emailSet = email != null && store.setEmailIfNone(tx, player, email);
    if (profileCompleted || emailSet || changed) {
      Player current = players.appendChange(tx, players.find(tx, player));
      if (profileCompleted) {
        Players.sharedStreams(current).forEach(stream -> players.appendChange(tx, current, stream));
      }
    }
  }
}
