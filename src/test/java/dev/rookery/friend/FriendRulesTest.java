package dev.rookery.friend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.friend.FriendCommand.Action;
import dev.rookery.friend.FriendRules.Counts;
import dev.rookery.friend.FriendRules.Requested;
import dev.rookery.friend.Friendship.State;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests the state machine of friendships. */
final class FriendRulesTest {
  private static final PlayerId ANN = new PlayerId(1);
  private static final PlayerId BOB = new PlayerId(2);
  private static final PlayerId EVE = new PlayerId(3);
  private static final Counts FULL = new Counts(Limits.DEFAULTS.friendsMax(), 0);

  private final FriendRules rules = new FriendRules(Limits.DEFAULTS);

  @Test
  void allowsEachActionOnlyToTheRightPlayerInTheRightState() {
    Map<Action, Set<State>> target =
        Map.of(
            Action.ACCEPT, Set.of(State.PENDING),
            Action.REJECT, Set.of(State.PENDING),
            Action.BLOCK, Set.of(State.PENDING, State.REJECTED),
            Action.UNBLOCK, Set.of(State.BLOCKED),
            Action.REMOVE, Set.of(State.ACCEPTED));
    Map<Action, Set<State>> requester =
        Map.of(Action.REMOVE, Set.of(State.PENDING, State.ACCEPTED));
    for (Action action : Action.values()) {
      for (State state : State.values()) {
        Friendship friendship = annToBob(state);
        assertThat(isAllowed(BOB, friendship, action))
            .as("target: %s in %s", action, state)
            .isEqualTo(target.getOrDefault(action, Set.of()).contains(state));
        assertThat(isAllowed(ANN, friendship, action))
            .as("requester: %s in %s", action, state)
            .isEqualTo(requester.getOrDefault(action, Set.of()).contains(state));
        assertThat(isAllowed(EVE, friendship, action))
            .as("other: %s in %s", action, state)
            .isFalse();
      }
    }
  }

  @Test
  void acceptsTheCrossingRequestInsteadOfCreatingASecondOne() {
    assertThat(rules.request(BOB, List.of(annToBob(State.PENDING)), Counts.NONE, Counts.NONE))
        .isEqualTo(new Requested.Crossed(annToBob(State.ACCEPTED)));
  }

  @Test
  void replacesOnlyTheRequestersOwnDeclinedRequest() {
    Friendship declined = annToBob(State.REJECTED);
    assertThat(rules.request(ANN, List.of(declined), Counts.NONE, Counts.NONE))
        .isEqualTo(new Requested.Fresh(declined));
    assertThat(rules.request(BOB, List.of(declined), Counts.NONE, Counts.NONE))
        .isEqualTo(new Requested.Fresh(null));
  }

  @Test
  void changesNothingWhenTheTwoAreFriendsOrTheRequestIsPending() {
    for (Friendship existing : List.of(annToBob(State.PENDING), annToBob(State.ACCEPTED))) {
      assertThat(rules.request(ANN, List.of(existing), FULL, FULL))
          .isEqualTo(new Requested.Existing(existing));
    }
  }

  @Test
  void refusesRequestsBetweenPlayersOfABlock() {
    for (PlayerId player : List.of(ANN, BOB)) {
      assertThatThrownBy(
              () ->
                  rules.request(player, List.of(annToBob(State.BLOCKED)), Counts.NONE, Counts.NONE))
          .hasMessage("blocked");
    }
  }

  @Test
  void limitsTheFriendsOfBothPlayersAndTheRequestsOfOne() {
    Friendship pending = annToBob(State.PENDING);
    for (List<Counts> counts : List.of(List.of(FULL, Counts.NONE), List.of(Counts.NONE, FULL))) {
      assertThatThrownBy(
              () -> rules.answer(BOB, pending, Action.ACCEPT, counts.getFirst(), counts.getLast()))
          .hasMessage("too_many_friends");
      assertThatThrownBy(
              () -> rules.request(BOB, List.of(pending), counts.getFirst(), counts.getLast()))
          .hasMessage("too_many_friends");
    }
    var waiting = new Counts(0, Limits.DEFAULTS.friendRequestsMax());
    assertThatThrownBy(() -> rules.request(ANN, List.of(), waiting, Counts.NONE))
        .hasMessage("too_many_pending_requests");
  }

  private boolean isAllowed(PlayerId player, Friendship friendship, Action action) {
    try {
      rules.answer(player, friendship, action, Counts.NONE, Counts.NONE);
      return true;
    } catch (dev.rookery.base.Refused refused) {
      assertThat(refused).hasMessage("forbidden");
      return false;
    }
  }

  private static Friendship annToBob(State state) {
    return new Friendship(new FriendshipId(7), ANN, BOB, state, 0);
  }
}
