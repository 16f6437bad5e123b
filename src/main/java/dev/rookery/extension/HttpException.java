package dev.rookery.extension;

/** Answers a request with {@code {"error": code}}. It has no stack trace: a refusal is no fault. */
public class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status from 400 to 599
   */
  public HttpException(int status, String code) {
    super(code, null, false, false);
    this.status = status;
  }

  public final int status() {
    return status;
  }

  public final String code() {
    return String.valueOf(getMessage());
  }
}
