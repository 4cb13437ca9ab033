"""The desk in a real account: deployed, looked after, taken away. Only here is anything of AWS changed from outside."""
