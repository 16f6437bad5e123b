package dev.rookery.matchmaking;

import dev.rookery.base.PlayerId;

/**
 * A player of a ticket.
 *
 * @param name the display name
 * @param mu the estimated skill
 * @param sigma the uncertainty of the estimate, in the unit of {@code mu}
 */
public record TicketPlayer(PlayerId player, String uuid, String name, double mu, double sigma) {
  public static final double MU_DEFAULT = 25;
  public static final double SIGMA_DEFAULT = 8.333;
}
