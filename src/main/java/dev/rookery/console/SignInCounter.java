package dev.rookery.console;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts sign-ins to the console, by method and result. */
public final class SignInCounter {
  /** The result of a sign-in that was not refused. */
  public static final String DONE = "done";

  private final MeterRegistry meters;

  public SignInCounter(MeterRegistry meters) {
    this.meters = meters;
  }

  /**
   * Counts a sign-in.
   *
   * @param method such as {@code password} or {@code oidc}
   * @param result {@link #DONE} or the code of the refusal
   */
  public void count(String method, String result) {
    Counter.builder("rookery.console.sign.ins")
        .description("Sign-ins to the console, by method and result")
        .tag("method", method)
        .tag("result", result)
        .register(meters)
        .increment();
  }
}
