package dev.rookery.player;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands on the profiles of players. An unknown player is {@code Missing("not_found")}. */
public sealed interface PlayerCommand<R> extends Command<R> {
  String ADDRESS = "player";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Returns the player. */
  record Find(PlayerId player) implements PlayerCommand<Player> {}

  /** How many players a search finds by one prefix of their names, the first in their order. */
  int NAMED_MAX = 2_500;

  /**
   * Finds players by prefix of the display name, ignoring case, or by id. At most {@value
   * #NAMED_MAX} of a prefix are found and counted.
   *
   * @param byEmail whether to find them by complete email address too
   */
  record Search(String text, boolean byEmail, Page.Request page)
      implements PlayerCommand<Page<Player>> {}

  /** Changes the display name; null or blank clears it. */
  record Rename(PlayerId player, @Nullable String displayName) implements PlayerCommand<Player> {}

  /** Returns the language that the player has chosen, as in {@code de}; empty if they have not. */
  record FindLanguage(PlayerId player) implements PlayerCommand<String> {}

  /** Chooses the language of pages and emails; empty for that of the browser. */
  record ChooseLanguage(PlayerId player, String language) implements PlayerCommand<String> {}

  /** Returns the time zone that the player has chosen; empty if they have not. */
  record FindTimeZone(PlayerId player) implements PlayerCommand<String> {}

  /**
   * Chooses the time zone in which the player sees times, as in {@code Europe/Berlin}; empty for
   * UTC. Invalid {@code time_zone}.
   */
  record ChooseTimeZone(PlayerId player, String timeZone) implements PlayerCommand<String> {}

  /** Returns the player's username; every player has one, and no two the same. */
  record FindUsername(PlayerId player) implements PlayerCommand<String> {}

  /** Returns the player with a username, which is compared without regard to case. */
  record FindByUsername(String username) implements PlayerCommand<Account> {}

  /**
   * Changes the username, and returns it. {@code Invalid} {@code username} if it is blank, longer
   * than 128 characters, contains spaces, or is another player's.
   */
  record ChangeUsername(PlayerId player, String username) implements PlayerCommand<String> {}

  /**
   * Links a device, replacing the linked one. {@code Invalid} {@code device_id} if another player
   * has it, {@code Denied("marked_player")} for a test player or one of the sample data.
   */
  record LinkDevice(PlayerId player, String deviceId) implements PlayerCommand<Player> {}

  /**
   * Unlinks the device. {@code Conflict("last_authentication_method")} if the player has no other
   * sign-in method.
   */
  record UnlinkDevice(PlayerId player) implements PlayerCommand<Player> {}

  /** Unlinks a provider. {@code Conflict("last_provider")} if no other provider is linked. */
  record UnlinkProvider(PlayerId player, Provider provider) implements PlayerCommand<Player> {}

  /** Whether a player with this id has proved that their email address is theirs. */
  record HasConfirmedEmail(PlayerId player) implements PlayerCommand<Boolean> {}

  /** Finds a player by their email address. {@code Missing("not_found")}. */
  record FindByEmail(String email) implements PlayerCommand<Account> {
    @Override
    public String toString() {
      return "FindByEmail";
    }
  }

  /** Finds a player by the id of their device. {@code Missing("not_found")}. */
  record FindByDevice(String deviceId) implements PlayerCommand<Account> {
    @Override
    public String toString() {
      return "FindByDevice";
    }
  }

  /** Finds a player by the id of their account at a provider. {@code Missing("not_found")}. */
  record FindByProvider(Provider provider, String id) implements PlayerCommand<Account> {
    @Override
    public String toString() {
      return "FindByProvider[" + provider + "]";
    }
  }

  /** Returns the player with the fields that only admins see. */
  record FindAccount(PlayerId player) implements PlayerCommand<Account> {}

  /**
   * Finds players for admins, newest first. Without a text, a total above 10,000 may be a minute
   * old.
   *
   * @param text as in {@link Search}; null for any
   * @param banned whether a ban is active; null for both
   * @param admin null for both
   */
  record SearchAccounts(
      @Nullable String text, @Nullable Boolean banned, @Nullable Boolean admin, Page.Request page)
      implements PlayerCommand<Page<Account>> {}

  /**
   * Lists players for admins, the page after a place or before it; in the order of the list either
   * way. What it costs does not depend on how far the page is from the start.
   *
   * @param from null for the first page, or going backwards for the last one
   * @param max at most {@value #LISTED_MAX}
   */
  record ListAccounts(
      AccountFilter filter,
      AccountOrder order,
      @Nullable AccountPlace from,
      boolean backwards,
      int max)
      implements PlayerCommand<List<Account>> {}

  /** The most players of one page of {@link ListAccounts}. */
  int LISTED_MAX = 1_000;

  /** Counts the players of a {@link ListAccounts}, at most {@code max} of them. */
  record CountAccounts(AccountFilter filter, long max) implements PlayerCommand<Long> {}

  /**
   * Which players are listed; a null does not select.
   *
   * @param text a prefix of the display name, an id or a complete email address
   * @param banned whether a ban is active
   * @param lobby in which they are
   * @param mark that they have, or have not
   */
  record AccountFilter(
      @Nullable String text,
      @Nullable Boolean online,
      @Nullable Boolean banned,
      @Nullable Boolean admin,
      @Nullable Boolean email,
      @Nullable Provider provider,
      @Nullable LobbyId lobby,
      @Nullable MarkFilter mark,
      @Nullable Long createdFromMs,
      @Nullable Long createdBeforeMs) {
    public static AccountFilter withText(@Nullable String text) {
      return new AccountFilter(text, null, null, null, null, null, null, null, null, null);
    }

    public static AccountFilter withMark(MarkFilter mark) {
      return new AccountFilter(null, null, null, null, null, null, null, mark, null, null);
    }
  }

  /**
   * Which marks of players are selected.
   *
   * @param mark null for any
   * @param excluded whether those without the mark are meant
   */
  record MarkFilter(@Nullable PlayerMark mark, boolean excluded) {
    /** Everybody who came by themselves. */
    public static final MarkFilter NONE = new MarkFilter(null, true);

    public static MarkFilter of(PlayerMark mark) {
      return new MarkFilter(mark, false);
    }
  }

  /** The orders of {@link ListAccounts}. */
  enum AccountOrder {
    NEWEST,
    OLDEST,
    NAME,
    NAME_DESCENDING
  }

  /** Where a player is in every order of {@link ListAccounts}. */
  record AccountPlace(PlayerId player, String displayName) {}

  /** Counts players; reads all of them. */
  record Count(CountFilter filter) implements PlayerCommand<Long> {}

  /**
   * Which players are counted; a null does not select.
   *
   * @param password whether the player has one
   * @param provider which is linked
   */
  record CountFilter(
      @Nullable Boolean online,
      @Nullable Boolean password,
      @Nullable Provider provider,
      @Nullable Long registeredSinceMs,
      @Nullable Long seenSinceMs) {}

  /**
   * Updates a player on behalf of an admin. Null fields stay, a blank name is cleared, metadata is
   * replaced as a whole. {@code Conflict("cannot_demote_self")} if an admin removes their own admin
   * flag, so that one admin always remains; otherwise the flag gives and takes the role of an admin
   * as {@link SetRole} does.
   *
   * @param revision of the player that the admin read: {@code Conflict("revision_conflict")} if it
   *     is another one now. Null for whatever it is
   */
  record Update(
      PlayerId by,
      PlayerId player,
      @Nullable Boolean admin,
      @Nullable String displayName,
      @Nullable Map<String, Object> metadata,
      @Nullable Long revision)
      implements PlayerCommand<Account> {
    public Update(
        PlayerId by,
        PlayerId player,
        @Nullable Boolean admin,
        @Nullable String displayName,
        @Nullable Map<String, Object> metadata) {
      this(by, player, admin, displayName, metadata, null);
    }
  }

  /**
   * Gives a player a role on the server in place of theirs. {@code Conflict("cannot_demote_self")}
   * for one's own, {@code Denied("role_not_grantable")} for a role, new or old, that the giver may
   * not give, {@code Denied("role_outlives_yours")}, {@code Conflict("last_owner")}, {@code
   * Invalid} {@code role} or {@code until}. Their sessions of the console end; it is effective
   * everywhere within a second.
   *
   * @param by null for the server itself
   * @param role the name of a built-in or custom role; null to take the role
   * @param untilMs when the role ends by itself; null for never
   */
  record SetRole(
      @Nullable PlayerId by, PlayerId player, @Nullable String role, @Nullable Long untilMs)
      implements PlayerCommand<Account> {
    /** A role without an end. */
    public SetRole(@Nullable PlayerId by, PlayerId player, @Nullable String role) {
      this(by, player, role, null);
    }
  }

  /**
   * Removes what is stored of a role whose time is over; it has no effect since then. Does nothing
   * for any other.
   */
  record EndExpiredRole(PlayerId player) implements PlayerCommand<Done> {}

  /**
   * Gives a player without a role the role of an invitation ({@link
   * dev.rookery.console.ConsoleCommand.CreateInvite}), which ends with it. {@code
   * Denied("invalid_token")}, {@code Conflict("has_role")}, and as {@link SetRole} where the admin
   * who invites may not give the role any more.
   */
  record AcceptInvite(PlayerId player, String token) implements PlayerCommand<Account> {
    @Override
    public String toString() {
      return "AcceptInvite[" + player + "]";
    }
  }

  /**
   * Makes a player the first owner of the server. {@code Denied("invalid_code")}, {@code
   * Conflict("setup_closed")} if there is or was an owner. The code must have been checked by
   * {@link dev.rookery.console.ConsoleCommand.CheckSetupCode}, which limits attempts.
   */
  record BecomeOwner(PlayerId player, String setupCode) implements PlayerCommand<Account> {
    @Override
    public String toString() {
      return "BecomeOwner[" + player + "]";
    }
  }

  /**
   * Deletes a player who is in no lobby and no party; otherwise {@code Conflict}: {@code in_lobby},
   * {@code in_party}. The account domain removes the player from both first.
   */
  record Remove(PlayerId player) implements PlayerCommand<Done> {}
}
