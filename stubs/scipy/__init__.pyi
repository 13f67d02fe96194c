from scipy import stats as stats
