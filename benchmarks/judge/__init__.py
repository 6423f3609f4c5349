"""The judgement contract as a measure: invented creators, one change at a time, and what each head says of it.

`make judge` (benchmarks/judge/run.py) prints every rule with its mean and worst case and the known orders. Nothing here
trains or tunes anything; the texts are invented, the spread of counts is that of the public sets (see bases.NORMS).
"""
