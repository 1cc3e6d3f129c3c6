// Loaded with --import: prints the CPU time of the process, in all threads, when it ends.
process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  console.log(JSON.stringify({ cpu: (user + system) / 1e6 }))
})
