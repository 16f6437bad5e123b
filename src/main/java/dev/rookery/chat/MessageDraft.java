package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.notification.PersonalMute;
import dev.rookery.notification.PersonalMute.Subject;
import dev.rookery.player.Players;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/**
 * A notification of messages to one member of their audience.
 *
 * @param draft counts all messages that the member did not write
 */
record MessageDraft(Audience audience, MessageCounts messages, Draft draft) {
  static final Comparator<MessageDraft> ORDER =
      Comparator.comparing(MessageDraft::recipient, Players.BY_ID)
          .thenComparing(one -> one.draft.title());

  PlayerId recipient() {
    return draft.recipient();
  }

  /** The notification of what the member has not muted; empty if nothing is left. */
  Optional<Draft> without(Set<Subject> muted) {
    if (muted.isEmpty()) {
      return Optional.of(draft);
    }
    int count = isMuted(muted) ? 0 : messages.countFor(recipient(), sender -> by(sender, muted));
    return count == 0 ? Optional.empty() : Optional.of(draft.withMessages(count));
  }

  private boolean isMuted(Set<Subject> muted) {
    return switch (audience.kind()) {
      case GROUP -> muted.contains(new Subject(PersonalMute.Kind.GROUP, audience.id()));
      case PARTY -> muted.contains(new Subject(PersonalMute.Kind.PARTY, audience.id()));
      case LOBBY -> muted.contains(new Subject(PersonalMute.Kind.LOBBY, audience.id()));
      case DIRECT, ROOM -> false;
    };
  }

  private boolean by(PlayerId sender, Set<Subject> muted) {
    return muted.contains(new Subject(PersonalMute.Kind.PLAYER, sender.value()))
        || (audience.kind() == Conversation.Kind.DIRECT
            && muted.contains(new Subject(PersonalMute.Kind.DIRECT, sender.value())));
  }
}
