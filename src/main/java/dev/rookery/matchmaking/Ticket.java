package dev.rookery.matchmaking;

import java.util.List;

/**
 * A ticket of the matchmaking pool: a party that waits for a match and is kept together in one
 * team. Its skill is the average of its players'.
 *
 * @param notBeforeMs the time before which it is not matched, after a failed allocation
 */
record Ticket(
    long id,
    String uuid,
    Criteria criteria,
    List<TicketPlayer> party,
    long createdMs,
    long notBeforeMs) {
  Ticket {
    party = List.copyOf(party);
  }

  int players() {
    return party.size();
  }

  double mu() {
    return party.stream().mapToDouble(TicketPlayer::mu).average().orElse(TicketPlayer.MU_DEFAULT);
  }

  double sigma() {
    return party.stream()
        .mapToDouble(TicketPlayer::sigma)
        .average()
        .orElse(TicketPlayer.SIGMA_DEFAULT);
  }
}
