package dev.rookery.extension.testkit;

/** An extension that the server does not run, with its reason as the message. */
public class DeploymentRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason what the server says
   */
  public DeploymentRefusedException(String reason) {
    super(reason);
  }
}
