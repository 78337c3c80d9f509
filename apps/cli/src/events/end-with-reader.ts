/** `muster events tail | head`: when nobody reads on there is nothing left to do, and that is no failure. */
export const endWithReader = (): void => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
  });
};
