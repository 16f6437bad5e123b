package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.player.Provider;
import org.jspecify.annotations.Nullable;

/** The state of a flow that an app has started. */
public sealed interface FlowState {
  /**
   * @param linkTo null to sign in
   */
  record Pending(@Nullable PlayerId linkTo) implements FlowState {}

  record SignedIn(TokenPair tokens) implements FlowState {}

  record Linked(Provider provider) implements FlowState {}

  /**
   * @param code of the refusal
   * @param message shown to the player; empty if there is none
   */
  record Failed(String code, String message) implements FlowState {}
}
